/*
 * Sentences for the operator's log: what was expected, what came, and the fix. They never go to the client.
 * Only audience, issuer and e-mail values are quoted, escaped and cut, since whoever sent the token may have written them.
 */
import { type JsonObject, own } from './json.ts';
import { lookAlike } from './look-alikes.ts';
import { sharersOf } from './shared-audiences.ts';

const MAX_QUOTED_LENGTH = 200;
const MAX_COMPARED_LENGTH = 2048;
const MAX_COMPARED_VALUES = 20;

/** A value for a log line: in quotes, printable ASCII only, cut at 200 characters. */
export function quote(value: string): string {
  const cut = value.length > MAX_QUOTED_LENGTH ? `${value.slice(0, MAX_QUOTED_LENGTH)}…` : value;
  return JSON.stringify(cut).replace(/[^ -~…]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function hintForAccessToken(): string {
  return 'This is an OAuth access token (ya29.…), not an ID token. Cloud Tasks and Cloud Scheduler: configure an OIDC token, not an OAuth token. gcloud: print-identity-token, not print-access-token.';
}

export function hintForMalformed(token: string): string {
  if (token.split('.').length === 5) {
    return 'The token has five parts: it is encrypted (JWE). Google ID tokens are signed only.';
  }
  return 'The token does not have three parts separated by dots. Was it cut, or is it another kind of credential?';
}

export function hintForRemovedSignature(): string {
  return 'Cloud Run has checked this token and removed its signature, so nobody can check it again. Run this guard where the token arrives first, or let the caller send the one for Cloud Run in X-Serverless-Authorization. Never accept such a token: anybody can write one.';
}

export function hintForAlgorithm(header: JsonObject, unverifiedClaims: JsonObject): string {
  const foreign = hintForForeignIssuer(own(unverifiedClaims, 'iss'), unverifiedClaims);
  if (foreign !== undefined) {
    return foreign;
  }
  const alg = own(header, 'alg');
  if (alg === 'none') {
    return 'The token is not signed ("alg" is "none"). Emulators make such tokens; use a fake Google that signs instead.';
  }
  if (typeof alg === 'string' && /^HS(256|384|512)$/.test(alg)) {
    return 'The token is signed with a shared secret (HMAC). Google signs ID tokens with RS256 only.';
  }
  return 'The "alg" of the token is not "RS256", the only algorithm that Google signs ID tokens with.';
}

export function hintForUnknownKey(unverifiedClaims: JsonObject): string {
  return (
    hintForForeignIssuer(own(unverifiedClaims, 'iss'), unverifiedClaims) ??
    'Google does not publish the key that this token names. Either Google did not sign it, or it is older than the keys in use. In tests: is the guard given the keys of the fake Google that made the token?'
  );
}

export function hintForInvalidSignature(unverifiedClaims: JsonObject): string {
  return (
    hintForForeignIssuer(own(unverifiedClaims, 'iss'), unverifiedClaims) ??
    "The token names one of Google's keys, yet that key did not sign these bytes: the token was forged, changed on the way, or cut."
  );
}

export function hintForIssuer(issuer: string, claims: JsonObject): string {
  return hintForForeignIssuer(issuer, claims) ?? `"iss" is ${quote(issuer)}, expected "https://accounts.google.com".`;
}

/** Tokens that people send by mistake, told by their issuer. */
function hintForForeignIssuer(issuer: unknown, claims: JsonObject): string | undefined {
  if (typeof issuer !== 'string') {
    return undefined;
  }
  const is = `"iss" is ${quote(issuer)}`;
  const what = lookAlike(issuer);
  if (what !== undefined) {
    return `${is}: this is ${what}`;
  }
  if (issuer.endsWith('.gserviceaccount.com')) {
    return Object.hasOwn(claims, 'target_audience')
      ? `${is}: this is the assertion that asks Google for an ID token. Send it to https://oauth2.googleapis.com/token and use the id_token of the answer.`
      : `${is}: the service account signed this token itself; Google did not. Client libraries: ask for an ID token with a target audience (Node: getIdTokenClient, Python: fetch_id_token, Java: IdTokenCredentials).`;
  }
  if (/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/.test(issuer)) {
    return `${is}: the token comes from a local fake. Let the fake issue tokens as https://accounts.google.com and give the guard its keys, in tests only.`;
  }
  return undefined;
}

/** Why `aud` does not match, by the way in which it nearly does. */
export function hintForAudience(
  audience: string,
  expected: readonly string[] | undefined,
  base?: string,
  whyNot = 'and the audience rule did not accept it.',
): string {
  const is = `"aud" is ${quote(audience)}`;
  const sharers = sharersOf(audience);
  if (sharers !== undefined) {
    return `${is}: all users of ${sharers} share it, so it says nothing about this service. Use gcloud auth print-identity-token --impersonate-service-account=… --audiences=… --include-email.`;
  }
  if (base !== undefined) {
    return `${is}, expected ${quote(base)} or a URL below it: ${whyNotBelow(audience, base)}`;
  }
  if (expected === undefined) {
    return `${is}, ${whyNot}`;
  }
  const wanted = `${is}, expected ${listOf(expected, expected.length)}`;
  // Bounded work: this is also reached by tokens that nobody has signed.
  const comparable = audience.length <= MAX_COMPARED_LENGTH ? expected.slice(0, MAX_COMPARED_VALUES) : [];
  if (comparable.some((value) => asUnescaped(value) === audience)) {
    return `${wanted}: ${UNESCAPED}`;
  }
  const actualUrl = comparable.length > 0 ? urlOf(audience) : undefined;
  for (const value of comparable) {
    const nearMiss = nearMissOf(audience, actualUrl, value);
    if (nearMiss !== undefined) {
      return `${wanted}: ${nearMiss}`;
    }
  }
  return `${wanted}. Whoever gets the token chooses its audience: configure the same value on both sides.`;
}

export function hintForAudienceList(): string {
  return '"aud" is a list. Google\'s ID tokens have one audience, a string; agent identity tokens have a list and cannot be verified.';
}

/** What becomes of an audience that a client puts into a query as it is: cut at `&` and `#`, with `+` and `%41` decoded. */
export function asUnescaped(audience: string): string {
  return new URLSearchParams(`a=${audience.replace(/#.*/s, '')}`).get('a') ?? '';
}

export const UNESCAPED =
  'the client has put it into a query unescaped, as google-auth-library does on Node.js and in PHP: it is cut at & and #, and + and %41 are decoded. Escape it there (encodeURIComponent), or choose an audience without these characters.';

function nearMissOf(audience: string, actualUrl: URL | undefined, expected: string): string | undefined {
  if (audience.toLowerCase() === expected.toLowerCase()) {
    return 'they differ only by upper and lower case.';
  }
  if (audience === `${expected}/` || `${audience}/` === expected) {
    return 'they differ only by a trailing slash.';
  }
  const expectedUrl = urlOf(expected);
  if (actualUrl === undefined || expectedUrl === undefined || actualUrl.host !== expectedUrl.host) {
    return undefined;
  }
  if (actualUrl.protocol !== expectedUrl.protocol) {
    return 'they differ by the scheme (http or https).';
  }
  const fix = `Pub/Sub, Cloud Tasks, Cloud Scheduler and Workflows use the full target URL unless told otherwise: configure the audience on the sender, or accept urlsUnder(${quote(commonBase(actualUrl, expectedUrl))}).`;
  if (actualUrl.pathname !== expectedUrl.pathname) {
    return `they differ by the path. ${fix}`;
  }
  if (actualUrl.href === expectedUrl.href) {
    return 'they are one URL in two spellings, and are compared as text.';
  }
  return actualUrl.search === expectedUrl.search ? undefined : `they differ only by the query. ${fix}`;
}

function whyNotBelow(audience: string, base: string): string {
  const actualUrl = audience.length <= MAX_COMPARED_LENGTH ? urlOf(audience) : undefined;
  if (actualUrl === undefined) {
    return 'it is not such a URL.';
  }
  const baseUrl = new URL(base);
  // A URL has neither: something has decoded it.
  if (/[^!-~]/.test(audience) || (asUnescaped(base) !== base && audience.startsWith(asUnescaped(base)))) {
    return UNESCAPED;
  }
  if (actualUrl.protocol !== baseUrl.protocol) {
    return 'the scheme differs.';
  }
  return actualUrl.host === baseUrl.host ? 'the path differs, or is not written plainly.' : 'the host or port differs.';
}

/** The narrowest URL that both are at or below, of those that are easy to name. */
function commonBase(actual: URL, expected: URL): string {
  const isBelow = actual.pathname === expected.pathname || actual.pathname.startsWith(`${expected.pathname}/`);
  return isBelow ? expected.origin + expected.pathname.replace(/\/$/, '') : expected.origin;
}

function urlOf(value: string): URL | undefined {
  return /^https?:\/\//i.test(value) && URL.canParse(value) ? new URL(value) : undefined;
}

/** How many values, or sentences, a hint has at most: an operator may have given any number. */
export const MAX_LISTED = 5;

/** The first few of so many values that would do. */
export function listOf(values: Iterable<string>, count: number): string {
  const shown: string[] = [];
  for (const value of values) {
    if (shown.push(quote(value)) === MAX_LISTED) {
      break;
    }
  }
  return shown.join(' or ') + (count > MAX_LISTED ? ` or one of ${count - MAX_LISTED} more` : '');
}

export function hintForExpired(secondsAgo: number): string {
  return `The token expired ${seconds(secondsAgo)} ago. Google's tokens live one hour: the client must get a new one, not keep it. If it is fresh, the clock of this machine is ahead.`;
}

export function hintForNotYetValid(claim: string, secondsAhead: number): string {
  return `"${claim}" lies ${seconds(secondsAhead)} ahead: the clock of this machine is behind. Synchronise it (NTP); clockToleranceSeconds is for small differences.`;
}

export function hintForLifetime(lifetime: number, maximum: number): string {
  return `The token lives ${seconds(lifetime)}, more than maxLifetimeSeconds (${maximum}). Google's tokens live one hour.`;
}

function seconds(value: number): string {
  return value > 172_800 ? `${Math.floor(value / 86_400)} days` : `${Math.ceil(value)} s`;
}

/** How a caller gets a token with an e-mail, library by library. */
export const EMAIL_FIX =
  'Metadata server: format=full (Java: Option.FORMAT_FULL, gcloud: --token-format=full; PHP asks for format=standard). Impersonation: includeEmail: true (Java: Option.INCLUDE_EMAIL, gcloud: --include-email, Python: include_email=True). Or allow the unique id ("sub") instead.';
