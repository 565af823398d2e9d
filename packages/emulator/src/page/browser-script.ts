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
var DEFAULT_ACCOUNT = "sender@my-project.iam.gserviceaccount.com";
var STANDALONE_CHAT = "chat@system.gserviceaccount.com";
var DEFAULT_PERSON = "ada@example.com";
var DEFAULT_AUDIENCE = "https://api.example.com";
var DEFAULT_CLIENT_ID = "1234567890-web.apps.googleusercontent.com";
var SENDERS = {
  pubSub: service("Pub/Sub", "A push subscription with authentication.", { options: ["payload"] }),
  cloudTasks: service("Cloud Tasks", "A task with an OIDC token."),
  firebaseTasks: service("Firebase task queue", "A task that enqueue() of firebase-admin has made.", {
    audience: "fixed"
  }),
  cloudScheduler: service("Cloud Scheduler", "A job with an OIDC token."),
  workflows: service("Workflows", "An HTTP step with OIDC."),
  eventarc: service("Eventarc", "An event that is delivered to an HTTP endpoint."),
  apiGateway: service("API Gateway, ESPv2", "A gateway that passes a request of somebody else on to a backend.", {
    audience: "origin",
    options: ["includeEmail"]
  }),
  apigee: service("Apigee", "A proxy with GoogleIDToken.", { audience: "given", options: ["includeEmail"] }),
  vertexExtension: service("Vertex AI extension", "An operation of an OpenAPI document.", { audience: "origin" }),
  chat: agent("Google Chat", "An event for a Chat app.", "service-107128418443@gcp-sa-gsuiteaddons.iam", [
    "standalone"
  ]),
  workspaceAddOn: agent(
    "Workspace add-on",
    "An event of Gmail, Calendar, Drive or an editor, for an add-on with an HTTP endpoint.",
    "service-107128418443@gcp-sa-gsuiteaddons.iam"
  ),
  dialogflow: agent(
    "Dialogflow CX",
    "A webhook or tool. Google does not document its audience.",
    "service-107128418443@gcp-sa-dialogflow.iam"
  ),
  uptimeCheck: agent(
    "Uptime check",
    "A check of Cloud Monitoring. Google does not document its audience.",
    "service-107128418443@gcp-sa-monitoring-notification.iam"
  ),
  analytics: agent(
    "Google Analytics",
    "A webhook of the Data API. Google does not document its audience.",
    "google-analytics-audience-export@system"
  ),
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
  githubActions: code("GitHub Actions", "google-github-actions/auth with token_format: id_token.", ["includeEmail"]),
  agent: { ...code("Agent", "An agent that calls a tool, such as a server of MCP.", []), audience: "origin" },
  gcloudUser: person(
    "gcloud, as oneself",
    "gcloud auth print-identity-token: nobody chooses the audience, which all gcloud users share.",
    "gcloud",
    ["hostedDomain"]
  ),
  signInWithGoogle: person(
    "Sign in with Google",
    "The form that a browser posts after somebody signed in. The token is in the body, not in a header.",
    "client",
    ["hostedDomain", "nonce"]
  ),
  appsScript: person(
    "Apps Script",
    "A script with ScriptApp.getIdentityToken(): the audience is the OAuth client of its project, and nobody chooses it.",
    "client",
    ["hostedDomain"]
  )
};
function service(title, about, more = {}) {
  const choice = { identity: "account", email: DEFAULT_ACCOUNT, audience: "url", options: [] };
  return { group: "Google services", title, about, ...choice, ...more };
}
function agent(title, about, name, options = []) {
  const email2 = \`\${name}.gserviceaccount.com\`;
  const group = "Google services, as an account of Google";
  return { group, title, about, identity: "agent", email: email2, audience: "url", options };
}
function code(title, about, options) {
  return { group: "Your code", title, about, identity: "account", email: DEFAULT_ACCOUNT, audience: "given", options };
}
function person(title, about, audience2, options) {
  return { group: "People", title, about, identity: "person", email: DEFAULT_PERSON, audience: audience2, options };
}

// browser/request-form.ts
var sender = find("#sender");
var audience = find("#audience");
var email = find("#email");
var format = find("#format");
var standalone = find("#standalone");
var AUDIENCE_HELP = {
  url: "Empty: the URL, all of it, as Google does where nobody configures one.",
  origin: "Empty: scheme and host of the URL.",
  given: "Who asks for the token chooses it.",
  client: "The id of an OAuth client, such as your web application.",
  fixed: "",
  gcloud: ""
};
var EMAIL_HELP = {
  account: "The e-mail of a service account.",
  agent: "An account of Google’s own.",
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
  find(".field:has(#audience)").hidden = ["fixed", "gcloud"].includes(chosen.audience);
  find("#email-help").textContent = EMAIL_HELP[chosen.identity];
  const email2 = standalone.checked && chosen.options.includes("standalone") ? STANDALONE_CHAT : chosen.email;
  showEmail(email2, email2);
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
  const kind = chosenSender().audience;
  if (kind !== "gcloud") {
    follow(acceptedAudience, audience2 === "" || kind === "fixed" ? defaultAudience(kind, url) : audience2);
  }
  follow(callers, find("#email").value.trim());
}
function defaultAudience(kind, url) {
  return kind === "origin" && URL.canParse(url) ? new URL(url).origin : url;
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
