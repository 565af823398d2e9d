/* The modules of browser/ in one: test/emulator/page-script.test.ts writes this file. */
export const BROWSER_SCRIPT: string = `// browser/ask.ts
var ProblemError = class extends Error {
  problem;
  constructor(problem) {
    super(problem.error);
    this.problem = problem;
  }
};
async function ask(path, input, signal) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
    signal
  });
  if (response.status === 400) {
    throw new ProblemError(await response.json());
  }
  if (!response.ok) {
    throw new Error(\`The local Google answers \${response.status}.\`);
  }
  return response.json();
}

// browser/elements.ts
function find(selector) {
  const element = document.querySelector(selector);
  if (element === null) {
    throw new Error(\`The page has no \${selector}.\`);
  }
  return element;
}
function create(name, className, ...children) {
  const element = document.createElement(name);
  element.className = className;
  element.append(...children);
  return element;
}

// browser/copying.ts
function enableCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const id = button.dataset["copy"];
    button.addEventListener("click", () => copy(find(\`#\${id}\`), find(\`#\${id}-copied\`)));
  }
}
function showCopyable(id, text) {
  const area = find(\`#\${id}\`);
  if (area.value !== text) {
    area.value = text;
    find(\`#\${id}-copied\`).textContent = "";
  }
}
async function copy(area, status) {
  try {
    await navigator.clipboard.writeText(area.value);
    status.textContent = "Copied";
  } catch {
    area.focus();
    area.select();
    status.textContent = "The browser does not let the page copy. It is selected: copy it with the keyboard.";
  }
}

// browser/form.ts
function valuesOf(form) {
  const fields = Array.from(form.querySelectorAll("input, select"));
  return Object.fromEntries(
    fields.filter((field) => field.closest("[hidden]") === null).map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value])
  );
}
function showProblem(form, problem) {
  for (const text of form.querySelectorAll(".problem")) {
    const field = find(\`#\${text.id.replace("-problem", "")}\`);
    const isWrong = field.name === problem?.field;
    field.setAttribute("aria-invalid", String(isWrong));
    text.hidden = !isWrong;
    text.textContent = isWrong ? problem.error : "";
  }
}

// browser/choices.ts
var DEFAULT_EMAILS = {
  account: "sender@my-project.iam.gserviceaccount.com",
  chat: "chat@system.gserviceaccount.com",
  person: "ada@example.com"
};
var DEFAULT_AUDIENCE = "https://api.example.com";
var DEFAULT_CLIENT_ID = "1234567890-web.apps.googleusercontent.com";
var SENDERS = {
  pubSub: service("Pub/Sub", "A push subscription with authentication.", ["payload"]),
  cloudTasks: service("Cloud Tasks", "A task with an OIDC token."),
  cloudScheduler: service("Cloud Scheduler", "A job with an OIDC token."),
  workflows: service("Workflows", "An HTTP step with OIDC."),
  eventarc: service("Eventarc", "An event that is delivered to an HTTP endpoint."),
  chat: {
    ...service("Google Chat", "An event for a Chat app whose authentication audience is “HTTP endpoint URL”."),
    identity: "chat"
  },
  metadataServer: code("Virtual machine", "Code that asks the metadata server of its machine.", ["format", "licenses"]),
  impersonation: code("Impersonation", "Code that acts as a service account, with generateIdToken.", [
    "includeEmail",
    "organizationNumberIncluded"
  ]),
  serviceAccountKey: code("Service account key", "Code with the key file of a service account.", []),
  gcloudImpersonation: code(
    "gcloud, as a service account",
    "gcloud auth print-identity-token --impersonate-service-account=… --audiences=…",
    ["includeEmail"]
  ),
  gcloudUser: {
    group: "People",
    title: "gcloud, as oneself",
    about: "gcloud auth print-identity-token: nobody chooses the audience, which all gcloud users share.",
    identity: "person",
    audience: "gcloud",
    options: ["hostedDomain"]
  },
  signInWithGoogle: {
    group: "People",
    title: "Sign in with Google",
    about: "The form that a browser posts after somebody signed in. The token is in the body, not in a header.",
    identity: "person",
    audience: "client",
    options: ["hostedDomain", "nonce"]
  }
};
function service(title, about, options = []) {
  return { group: "Google services", title, about, identity: "account", audience: "url", options };
}
function code(title, about, options) {
  return { group: "Your code", title, about, identity: "account", audience: "given", options };
}

// browser/request-form.ts
var sender = find("#sender");
var audience = find("#audience");
var email = find("#email");
var format = find("#format");
var AUDIENCE_HELP = {
  url: "Empty: the URL, all of it, as Google does where nobody configures one.",
  given: "Who asks for the token chooses it.",
  client: "The client id of your web application.",
  gcloud: ""
};
var EMAIL_HELP = {
  account: "The e-mail of a service account.",
  chat: "Google’s own service account.",
  person: "The e-mail of a person."
};
var showAudience = keepingValues(audience);
var showEmail = keepingValues(email);
function chosenSender() {
  return SENDERS[sender.value];
}
function showFields() {
  const chosen = chosenSender();
  find("#sender-help").textContent = chosen.about;
  const isClient = chosen.audience === "client";
  find("label[for=audience]").textContent = isClient ? "Client id" : "Audience";
  find("#audience-help").textContent = AUDIENCE_HELP[chosen.audience];
  showAudience(isClient ? "client" : "service", isClient ? DEFAULT_CLIENT_ID : DEFAULT_AUDIENCE);
  find(".field:has(#audience)").hidden = chosen.audience === "gcloud";
  find("#email-help").textContent = EMAIL_HELP[chosen.identity];
  showEmail(chosen.identity, DEFAULT_EMAILS[chosen.identity]);
  for (const option of document.querySelectorAll("[data-option]")) {
    const needsFull = option.dataset["option"] === "licenses" && format.value !== "full";
    option.hidden = needsFull || !chosen.options.some((name) => name === option.dataset["option"]);
  }
}
function keepingValues(field) {
  const kept = /* @__PURE__ */ new Map();
  let shown;
  return (kind, fallback) => {
    if (shown !== void 0 && shown !== kind) {
      kept.set(shown, field.value);
      field.value = kept.get(kind) ?? fallback;
    }
    shown = kind;
  };
}

// browser/service-form.ts
var acceptedAudience = find("#accepted-audience");
var callers = find("#callers");
var typed = /* @__PURE__ */ new Set();
for (const field of [acceptedAudience, callers]) {
  field.addEventListener("input", () => typed.add(field));
}
function followRequest() {
  const audience2 = find("#audience").value.trim();
  const url = find("#url").value.trim();
  if (chosenSender().audience !== "gcloud") {
    follow(acceptedAudience, audience2 === "" ? url : audience2);
  }
  follow(callers, find("#email").value.trim());
}
function follow(field, value) {
  if (!typed.has(field)) {
    field.value = value;
  }
}

// browser/words.ts
var TIMES = /* @__PURE__ */ new Set(["iat", "exp", "nbf", "auth_time", "google.compute_engine.instance_creation_timestamp"]);
var UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60]
];
var RELATIVE = new Intl.RelativeTimeFormat("en");
var ABSOLUTE = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
function timeInWords(seconds, nowSeconds) {
  const difference = Math.trunc(seconds - nowSeconds);
  if (difference === 0) {
    return "just now";
  }
  const [unit, length] = UNITS.find(([, each]) => Math.abs(difference) >= each) ?? ["second", 1];
  return RELATIVE.format(Math.trunc(difference / length), unit);
}
function rowsOf(object, nowSeconds, path = "") {
  const entries = Object.entries(object).toSorted(([one], [other]) => one < other ? -1 : 1);
  return entries.flatMap(([key, value]) => {
    const name = \`\${path}\${key}\`;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return rowsOf(value, nowSeconds, \`\${name}.\`);
    }
    const row = { name, value: typeof value === "string" ? value : JSON.stringify(value) };
    return typeof value === "number" && TIMES.has(name) ? { ...row, words: \`\${ABSOLUTE.format(value * 1e3)}, \${timeInWords(value, nowSeconds)}\` } : row;
  });
}

// browser/show.ts
var RESULTS = {
  passed: "Pass",
  failed: "Fail",
  not_checked: "Skip"
};
var STEPS = {
  form: "a signed JWT, with RS256 and a key id",
  key: "one that Google publishes",
  signature: "made with this key, over these bytes",
  claims: "all there, and of the right types",
  issuer: "Google Accounts",
  audience: "one that the service accepts",
  time: "not too early, not too late",
  caller: "one that the service allows"
};
function showVerdict(kind, title, text) {
  const verdict = find("#verdict");
  verdict.className = kind;
  if (verdict.textContent !== \`\${title} \${text}\`) {
    verdict.replaceChildren(create("strong", "", title), " ", text);
  }
}
function showMinted(minted2) {
  showCopyable("token", minted2.token);
  showCopyable("curl", minted2.curl);
  const now = Date.now() / 1e3;
  const rows = [
    ...rowsOf(minted2.claims, now),
    ...rowsOf(minted2.header, now).map((row) => ({ ...row, name: \`\${row.name} (header)\` }))
  ];
  find("#claims").replaceChildren(
    ...rows.map(({ name, value, words }) => {
      const meaning = words === void 0 ? [] : [create("span", "words", words)];
      const heading = create("th", "", ...breakableAtDots(name));
      heading.scope = "row";
      return create("tr", "", heading, create("td", "", create("code", "", value), ...meaning));
    })
  );
}
function showExplained({ accepted, checks, refusal }) {
  find("#checks").replaceChildren(...checks.map(checkElement));
  if (refusal !== void 0) {
    showVerdict("refused", "Refused:", \`\${refusal.status} \${refusal.code}. \${refusal.message}\`);
  } else if (accepted) {
    showVerdict("accepted", "Accepted:", \`all \${checks.length} checks pass.\`);
  } else {
    const skipped = checks.filter(({ result }) => result !== "passed").map(({ step }) => step);
    showVerdict("undecided", "Undecided:", \`not checked: \${skipped.join(", ")}.\`);
  }
}
function showNothingMinted() {
  showCopyable("token", "");
  showCopyable("curl", "");
  find("#claims").replaceChildren();
}
function showNothingExplained() {
  find("#checks").replaceChildren();
}
function checkElement({ step, result, code: code2, hint }) {
  const words = create("span", "what", create("strong", "", step), \`: \${STEPS[step]} \`);
  if (code2 !== void 0) {
    words.append(create("code", "", code2));
  }
  const item = create("li", result, create("span", "result", RESULTS[result]), words);
  if (hint !== void 0) {
    item.append(create("p", "hint", result === "not_checked" ? \`Not checked: \${hint}\` : hint));
  }
  return item;
}
function breakableAtDots(path) {
  return path.split(/(?<=\\.)/).flatMap((part, index) => index === 0 ? part : [document.createElement("wbr"), part]);
}

// browser/tampering.ts
var buttons = Array.from(document.querySelectorAll("[data-tampering]"));
function chosenTampering() {
  return buttons.find(isPressed)?.dataset["tampering"];
}
function enableTampering(changed) {
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const pressed = isPressed(button) ? void 0 : button;
      for (const each of buttons) {
        each.setAttribute("aria-pressed", String(each === pressed));
      }
      changed();
    });
  }
}
function isPressed(button) {
  return button.getAttribute("aria-pressed") === "true";
}

// browser/main.ts
var PAUSE_MILLIS = 200;
var requestForm = find("#request");
var serviceForm = find("#service");
var main = find("main");
var minted;
var current = new AbortController();
var timer;
requestForm.addEventListener("input", () => requestChanged(PAUSE_MILLIS));
serviceForm.addEventListener("input", () => update(PAUSE_MILLIS));
for (const [form, submitted] of [
  [requestForm, () => requestChanged(0)],
  [serviceForm, () => update(0)]
]) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitted();
  });
}
document.addEventListener("visibilitychange", () => update(0));
enableTampering(() => requestChanged(0));
enableCopying();
requestChanged(0);
function requestChanged(pauseMillis) {
  minted = void 0;
  showFields();
  followRequest();
  update(pauseMillis);
}
function update(pauseMillis) {
  clearTimeout(timer);
  current.abort();
  main.ariaBusy = "true";
  timer = setTimeout(() => {
    current = new AbortController();
    void showAll(current.signal);
  }, pauseMillis);
}
async function showAll(signal) {
  try {
    minted ??= await showingProblem(requestForm, () => mint(signal));
    showMinted(minted);
    const { token } = minted;
    showExplained(await showingProblem(serviceForm, () => explain(token, signal)));
  } catch (error) {
    if (signal.aborted) {
      return;
    }
    showFailure(error);
  }
  main.ariaBusy = "false";
}
function mint(signal) {
  return ask("/page/mint", { ...valuesOf(requestForm), tampering: chosenTampering() }, signal);
}
function explain(token, signal) {
  return ask("/page/explain", { ...valuesOf(serviceForm), token }, signal);
}
async function showingProblem(form, work) {
  try {
    const answer = await work();
    showProblem(form);
    return answer;
  } catch (error) {
    if (error instanceof ProblemError) {
      showProblem(form, error.problem);
    }
    throw error;
  }
}
function showFailure(error) {
  showNothingExplained();
  if (minted === void 0) {
    showNothingMinted();
  }
  if (!(error instanceof ProblemError)) {
    showVerdict("undecided", "No answer:", "is the local Google still running?");
  } else if (minted === void 0) {
    showVerdict("undecided", "No token:", error.message);
  } else {
    showVerdict("refused", "Your service would not start:", error.message);
  }
}
`;
