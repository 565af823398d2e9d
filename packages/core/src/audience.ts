import { IS_IT_UNSET } from './options.ts';
import { ignoreRejection } from './thrown.ts';

/**
 * A function that accepts an audience by returning exactly `true`. It must be synchronous and quick, and must not accept
 * everything. It may be asked before the signature is verified.
 *
 * It may look at the request; `verify()`, which is given a token alone, has none. Nothing in a request is true because it
 * is there: hold it against values of your own, as `requestUrl()` does.
 */
export type AudienceRule = (audience: string, request?: AudienceRequest) => boolean;

/** What an audience rule may look at, as it was received. */
export interface AudienceRequest {
  /** Path and query, or the whole URL. `undefined` where the guard was not told. */
  readonly url: string | undefined;
  /**
   * A header, by its name in lower case; of a repeated one all values, with commas between them. `host` is `:authority`
   * with HTTP/2, where Node.js was asked through `nodeHeaders()`.
   */
  header(name: string): string | undefined;
}

/** An `audience` option that has been checked. */
export interface AudienceMatcher {
  accepts(audience: string, request?: AudienceRequest): boolean;
  /** Why a rule did not accept an audience, where it can say so. */
  readonly whyNot: WhyNot | undefined;
  /** The accepted values, for hints; `undefined` where a rule decides. */
  readonly expected: readonly string[] | undefined;
  /** What urlsUnder() was given, for hints. */
  readonly base: string | undefined;
}

const bases = new WeakMap<AudienceRule, string>();

/** Says, behind `"aud" is "…",`, why a rule did not accept an audience. */
export type WhyNot = (audience: string, request: AudienceRequest | undefined) => string;

const reasons = new WeakMap<AudienceRule, WhyNot>();

/** Lets a rule explain itself in hints. */
export function explaining(rule: AudienceRule, whyNot: WhyNot): AudienceRule {
  reasons.set(rule, whyNot);
  return rule;
}

/**
 * Checks an `audience` option.
 *
 * @throws TypeError that names the option
 */
export function audienceMatcher(option: unknown): AudienceMatcher {
  if (typeof option === 'function') {
    if (acceptsAnything(option as AudienceRule)) {
      throw new TypeError('"audience" must not accept every value: that would turn the check of the audience off.');
    }
    return {
      accepts: (audience, request) => saysYes(option as AudienceRule, audience, request),
      whyNot: reasons.get(option as AudienceRule),
      expected: undefined,
      base: bases.get(option as AudienceRule),
    };
  }
  if (option === undefined || option === null) {
    throw new TypeError(
      `"audience" is required: the value that callers put into "aud", usually the URL of this service. ${IS_IT_UNSET}`,
    );
  }
  if (option instanceof RegExp) {
    throw new TypeError('"audience" must not be a RegExp: list the exact values, or use urlsUnder() for URLs.');
  }
  const expected: unknown[] = Array.isArray(option) ? [...option] : [option];
  if (expected.length === 0) {
    throw new TypeError('"audience" must not be an empty list.');
  }
  for (const value of expected) {
    checkAudienceValue(value);
  }
  const accepted = [...new Set(expected as string[])];
  return { accepts: isOneOf(accepted), whyNot: undefined, expected: accepted, base: undefined };
}

function isOneOf(values: readonly string[]): (value: string) => boolean {
  if (values.length === 1) {
    // Mostly there is one, and a process may have very many verifiers.
    return (value) => value === values[0];
  }
  const set = new Set(values);
  return (value) => set.has(value);
}

function acceptsAnything(rule: AudienceRule): boolean {
  try {
    return saysYes(rule, 'id-token-guard:an-audience-that-nobody-has');
  } catch {
    return false; // It expects a URL, say.
  }
}

/** Exactly true: the promise of an async function must not count as a yes, nor end the process when it is rejected. */
function saysYes(rule: AudienceRule, audience: string, request?: AudienceRequest): boolean {
  const answer: unknown = rule(audience, request);
  ignoreRejection(answer);
  return answer === true;
}

function checkAudienceValue(value: unknown): void {
  if (typeof value !== 'string') {
    throw new TypeError(
      `"audience" must be a string, a list of strings or a function, not ${value === null ? 'null' : typeof value}. ${IS_IT_UNSET}`,
    );
  }
  if (value === '') {
    throw new TypeError(`"audience" is empty. ${IS_IT_UNSET}`);
  }
  if (/[\s\p{C}]/u.test(value)) {
    throw new TypeError('"audience" must have no white space and no invisible characters.');
  }
  if (/^["'].*["']$/.test(value) || /,https?:/.test(value)) {
    throw new TypeError('"audience" is one value without quotes; several are a list of strings.');
  }
  if (isUnset(value)) {
    throw new TypeError(`"audience" is ${JSON.stringify(value)}. ${IS_IT_UNSET}`);
  }
  if (value.includes('*')) {
    throw new TypeError('"audience" has no wildcards: list the exact values, or use urlsUnder() for URLs.');
  }
}

/** What becomes of a variable that is not set, in a template. */
export function isUnset(value: string): boolean {
  return /^(https?:\/\/)?(undefined|null|NaN)([/:?#]|$)/.test(value);
}

/**
 * Accepts every audience that is a URL with the same scheme, host and port, at or below the path of `base`.
 *
 * For senders whose default audience is the full target URL with path and query: Pub/Sub, Cloud Tasks, Cloud Scheduler,
 * Workflows. `urlsUnder('https://api.example.com/push')` accepts `https://api.example.com/push`, `…/push/orders` and
 * `…/push?key=1`, a fragment too; not `…/pushed`, another host, user info, dot segments, or encoded dots and slashes.
 *
 * @throws TypeError where `base` is not an http(s) URL, or has user info, a query or a fragment
 */
export function urlsUnder(base: string): AudienceRule {
  const root = typeof base === 'string' ? plainUrl(base) : undefined;
  if (root === undefined || root.search !== '' || root.hash !== '' || isUnset(base) || base.includes('*')) {
    throw new TypeError(
      `urlsUnder() takes an http or https URL without user name, query, fragment, dot segments and wildcards. ${IS_IT_UNSET}`,
    );
  }
  const below = root.pathname.endsWith('/') ? root.pathname : `${root.pathname}/`;
  const rule: AudienceRule = (audience) => {
    const url = plainUrl(audience);
    return (
      url !== undefined &&
      url.origin === root.origin &&
      (url.pathname === root.pathname || url.pathname.startsWith(below))
    );
  };
  bases.set(rule, base);
  return rule;
}

/** Where the authority and the path of a URL stand, before any normalisation. */
const URL_PARTS = /^https?:\/\/([^/?#]*)([^?#]*)/i;

/** A URL that means one thing only: the URL parser would quietly mend what is refused here. */
function plainUrl(text: string): URL | undefined {
  const [, authority, path] = URL_PARTS.exec(text) ?? [];
  if (authority === undefined || path === undefined || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  // White space, control characters, backslashes, anything but ASCII.
  const isMended = /[^!-~]|\\/.test(text) || !isAuthorityOf(url, authority.toLowerCase());
  const isAmbiguous =
    /%(2e|2f|5c)/i.test(path) || path.split('/').some((segment) => segment === '.' || segment === '..');
  return isMended || isAmbiguous ? undefined : url;
}

/** Host and port as they are: no user info, no encoded letters, no missing slash. The default port may be written. */
function isAuthorityOf(url: URL, authority: string): boolean {
  const defaultPort = url.protocol === 'https:' ? 443 : 80;
  return authority === url.host || authority === `${url.hostname}:${defaultPort}`;
}
