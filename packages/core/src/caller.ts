import { type CallerAnswer, type CallerRule, ruleMaker } from './caller-rule.ts';
import { GoogleIdTokenError } from './errors.ts';
import { MAX_LISTED } from './hints.ts';
import { isJsonObject, own } from './json.ts';
import { sharersOf } from './shared-audiences.ts';
import { isThenable } from './thenable.ts';
import type { Caller, ComputeEngineClaims, GoogleIdToken, GoogleIdTokenClaims } from './token.ts';

/**
 * Runs the caller rules one after the other; one that says yes suffices.
 *
 * @returns `true`, or the sentences of all rules
 */
export function askCallerRules(token: GoogleIdToken, rules: readonly CallerRule[]): CallerAnswer {
  const reasons = createReasons();
  for (const [index, rule] of rules.entries()) {
    const answer: unknown = rule(token);
    if (answer === true) {
      return true;
    }
    if (isThenable(answer)) {
      return waitAndAskOn(answer, token, rules.slice(index + 1), reasons);
    }
    reasons.add(answer);
  }
  return reasons.text();
}

/** Goes on behind the first rule that takes its time. */
async function waitAndAskOn(
  pending: PromiseLike<unknown>,
  token: GoogleIdToken,
  rest: readonly CallerRule[],
  reasons: Reasons,
): Promise<true | string> {
  let answer = await pending;
  for (const rule of rest) {
    if (answer === true) {
      return true;
    }
    reasons.add(answer);
    answer = await rule(token);
  }
  if (answer !== true) {
    reasons.add(answer);
  }
  return answer === true || reasons.text();
}

/** @throws GoogleIdTokenError `caller_not_allowed` */
export function requireYes(answer: true | string): void {
  if (answer !== true) {
    throw new GoogleIdTokenError('caller_not_allowed', { hint: answer });
  }
}

/** What the rules have said so far: the first few sentences, and how many more there were. */
interface Reasons {
  add(answer: unknown): void;
  text(): string;
}

function createReasons(): Reasons {
  const first: string[] = [];
  let more = 0;
  return {
    add(answer) {
      if (first.length === MAX_LISTED) {
        more += 1;
      } else {
        first.push(typeof answer === 'string' ? answer : 'A caller rule did not say yes.');
      }
    },
    text: () => [...first, ...(more > 0 ? [`And ${more} more rules said no.`] : [])].join(' '),
  };
}

/** Tells who is calling from verified claims. */
export function callerOf(claims: GoogleIdTokenClaims): Caller {
  const email = verifiedEmail(claims);
  const instance = instanceOf(claims);
  if (instance || (email !== undefined && isServiceAccountEmail(email))) {
    const projectId = projectOf(email) ?? instance?.project_id;
    return {
      kind: 'service_account',
      uniqueId: claims.sub,
      ...(email === undefined ? {} : { email }),
      ...(projectId === undefined ? {} : { projectId }),
    };
  }
  if (email !== undefined) {
    const hostedDomain = own(claims, 'hd') as string | undefined;
    return { kind: 'user', subject: claims.sub, email, ...(hostedDomain === undefined ? {} : { hostedDomain }) };
  }
  return { kind: 'subject', subject: claims.sub };
}

/** The e-mail, if Google vouches for it. */
export function verifiedEmail(claims: GoogleIdTokenClaims): string | undefined {
  const email = own(claims, 'email');
  return own(claims, 'email_verified') === true && typeof email === 'string' ? email : undefined;
}

/** The virtual machine that the token is from, if it tells. */
export function instanceOf(claims: GoogleIdTokenClaims): ComputeEngineClaims | undefined {
  const google = own(claims, 'google');
  const instance = isJsonObject(google) ? own(google, 'compute_engine') : undefined;
  return isJsonObject(instance) ? (instance as ComputeEngineClaims) : undefined;
}

/** A service account's e-mail, of any kind: user-managed, default, or Google's own. */
export function isServiceAccountEmail(email: string): boolean {
  return /^[^@]+@([^@]+\.)?gserviceaccount\.com$/.test(email);
}

/** Projects of Google's own whose accounts are named otherwise than `service-NUMBER`. */
const PROJECTS_OF_GOOGLE = /^(gcp-(sa|ri)-|(bigquery-encryption|storage-transfer-service)$)/;

/** `name@PROJECT.iam.gserviceaccount.com` and `PROJECT@appspot.gserviceaccount.com`; Google's own agents have no project. */
function projectOf(email: string | undefined): string | undefined {
  const [name = '', host = ''] = email?.split('@') ?? [];
  const project = host === 'appspot.gserviceaccount.com' ? name : beforeEnd(host, '.iam.gserviceaccount.com');
  if (!project || PROJECTS_OF_GOOGLE.test(project) || /^service-((org|folder)-)?\d+$/.test(name)) {
    return undefined;
  }
  // A project of the old kind, `example.com:name`, stands in e-mails as `name.example.com`.
  const dot = project.indexOf('.');
  return dot === -1 ? project : `${project.slice(dot + 1)}:${project.slice(0, dot)}`;
}

function beforeEnd(text: string, end: string): string | undefined {
  return text.endsWith(end) ? text.slice(0, -end.length) : undefined;
}

/**
 * Lets every caller in whose token Google signed for our audience: any Google account of anybody in the world.
 *
 * Whoever asks Google for a token chooses its audience, so this says nothing about who is calling. Your handler must.
 * The one exception: tokens for an audience that all users of gcloud, of Application Default Credentials, of Cloud Shell or
 * of the OAuth Playground share were not even asked for with us in mind; only a rule that says who may call lets them in.
 */
export const anyCaller: CallerRule = ({ claims }) => {
  const sharers = sharersOf(claims.aud);
  return (
    sharers === undefined ||
    `The token is for the audience that all users of ${sharers} share. Say who may call: ${NARROW_RULES} in place of anyCaller.`
  );
};

/** Those that let people in. */
export const NARROW_RULES = 'user(…), workspaceDomain(…) or subject(…)';

/**
 * Lets in whom any of these rules lets in.
 *
 * @throws TypeError where there is no rule
 */
export const anyOf: (...rules: CallerRule[]) => CallerRule = /* @__PURE__ */ ruleMaker((...rules: CallerRule[]) => {
  const checked = checkedRules('anyOf()', rules);
  return (token) => askCallerRules(token, checked);
});

/**
 * Lets in whom all of these rules let in.
 *
 * @throws TypeError where there is no rule
 */
export const allOf: (...rules: CallerRule[]) => CallerRule = /* @__PURE__ */ ruleMaker((...rules: CallerRule[]) => {
  const checked = checkedRules('allOf()', rules);
  return async (token) => {
    for (const rule of checked) {
      const answer = await askCallerRules(token, [rule]);
      if (answer !== true) {
        return answer;
      }
    }
    return true;
  };
});

/** Checks that there is at least one rule, and that each is a function. */
export function checkedRules(name: string, rules: unknown): readonly CallerRule[] {
  const list: unknown[] = Array.isArray(rules) ? [...rules] : [rules];
  if (list.length === 0 || !list.every((rule) => typeof rule === 'function')) {
    const [account = 'sender@project.iam.gserviceaccount.com'] = list.filter((rule) => typeof rule === 'string');
    const rule = isServiceAccountEmail(account) ? 'serviceAccount' : 'user';
    throw new TypeError(`${name} needs at least one caller rule, such as ${rule}('${account}'), or anyCaller.`);
  }
  return list as CallerRule[];
}
