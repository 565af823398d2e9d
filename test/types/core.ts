/*
 * The types of the core, checked by the compiler: this file compiles as long as they hold, and never runs.
 */
import type { IncomingMessage } from 'node:http';
import {
  anyCaller,
  type Caller,
  type CallerRule,
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifier,
  type GuardEvent,
  isGoogleIdTokenError,
  type KeySetEvent,
  nodeHeaders,
  serviceAccount,
  toRefusal,
  urlsUnder,
} from '@id-token-guard/core';
import type { Context } from 'koa';
import { type Equal, type IsAny, no, yes } from './assert.ts';

const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');

// --- A verifier needs an audience and callers --------------------------------------------------------------------

yes<Equal<ReturnType<typeof createGoogleIdTokenVerifier>, GoogleIdTokenVerifier>>();
createGoogleIdTokenVerifier({ audience, callers });
createGoogleIdTokenVerifier({ audience: [audience, 'https://old.example.com'], callers: [callers, anyCaller] });
createGoogleIdTokenVerifier({ audience: urlsUnder(audience), callers: async () => 'Nobody may call.' });

// @ts-expect-error The audience is missing.
createGoogleIdTokenVerifier({ callers });

// @ts-expect-error The callers are missing.
createGoogleIdTokenVerifier({ audience });

// @ts-expect-error An environment variable may not be set.
createGoogleIdTokenVerifier({ audience: process.env['AUDIENCE'], callers });

// @ts-expect-error No patterns.
createGoogleIdTokenVerifier({ audience: /example/, callers });

// @ts-expect-error The promise of an async rule would never be exactly true.
createGoogleIdTokenVerifier({ audience: async () => true, callers });

// @ts-expect-error A rule says why not; false says nothing.
createGoogleIdTokenVerifier({ audience, callers: () => false });

// @ts-expect-error A misspelt option is no option.
createGoogleIdTokenVerifier({ audience, callers, clockTolerance: 5 });

// @ts-expect-error There is no option that turns a check off.
createGoogleIdTokenVerifier({ audience, callers, ignoreExpiration: true });

// @ts-expect-error Options of the adapters are not options of the verifier.
createGoogleIdTokenVerifier({ audience, callers, header: 'authorization' });

// --- Headers are headers, not requests ----------------------------------------------------------------------------

export function readHeaders(verifier: GoogleIdTokenVerifier, node: IncomingMessage, ctx: Context, web: Request): void {
  verifier.authenticate(web.headers);
  verifier.authenticate(nodeHeaders(node));
  verifier.authenticate(node.headersDistinct);
  verifier.authenticate({ authorization: [{ key: 'Authorization', value: 'Bearer …' }], host: null });
  verifier.authenticate(null);

  // @ts-expect-error get() of Koa gives the first of two headers.
  verifier.authenticate(ctx.request);

  // @ts-expect-error A request is not its headers.
  verifier.authenticate(web);

  // @ts-expect-error The same.
  verifier.authenticate(node);

  // @ts-expect-error Alone it may stand beside more of them.
  verifier.authenticate({ authorization: { value: 'Bearer …' } });
}

// --- The verified token -------------------------------------------------------------------------------------------

export function readToken(token: GoogleIdToken): void {
  yes<Equal<typeof token.claims.sub, string>>();
  yes<Equal<typeof token.claims.exp, number>>();
  yes<Equal<typeof token.claims.email, string | undefined>>();
  yes<Equal<typeof token.claims.email_verified, boolean | undefined>>();
  yes<Equal<typeof token.header.alg, 'RS256'>>();
  yes<Equal<typeof token.header.kid, string>>();
  yes<Equal<typeof token.caller, Caller>>();

  const instance = token.claims.google?.compute_engine;
  yes<Equal<NonNullable<typeof instance>['instance_id'], string>>();
  yes<Equal<NonNullable<typeof instance>['project_number'], number>>();
  no<IsAny<typeof instance>>();
  const organization = token.claims.google?.organization_number;
  yes<Equal<typeof organization, number | null | undefined>>();

  // Claims that Google may add are there, and have to be looked at before use.
  const other = token.claims['something_new'];
  yes<Equal<typeof other, unknown>>();

  // @ts-expect-error A verified token is read-only: it may be cached.
  token.claims.sub = 'another';

  // @ts-expect-error Not every token has an e-mail.
  token.claims.email.toLowerCase();
}

// --- Who is calling -----------------------------------------------------------------------------------------------

export function nameOf(caller: Caller): string {
  yes<Equal<Caller['kind'], 'service_account' | 'user' | 'subject'>>();
  switch (caller.kind) {
    case 'service_account':
      yes<Equal<typeof caller.email, string | undefined>>();
      yes<Equal<typeof caller.projectId, string | undefined>>();
      // @ts-expect-error A service account has no hosted domain.
      caller.hostedDomain;
      return caller.uniqueId;
    case 'user':
      yes<Equal<typeof caller.email, string>>();
      yes<Equal<typeof caller.hostedDomain, string | undefined>>();
      // @ts-expect-error A person belongs to no project.
      caller.projectId;
      return caller.email;
    case 'subject':
      // @ts-expect-error Of such a caller nothing but the subject is known.
      caller.email;
      return caller.subject;
    default:
      // Nothing is left: the union is closed.
      yes<Equal<typeof caller, never>>();
      return caller;
  }
}

// @ts-expect-error Without looking at the kind, nobody can tell whether there is an e-mail.
export const emailOf = (caller: Caller) => caller.email;

// --- Rules of one's own -------------------------------------------------------------------------------------------

export const onlyOnWeekdays: CallerRule = ({ claims }) => claims.iat % 7 < 5 || 'Come back on Monday.';

// @ts-expect-error A rule that returns nothing refuses everybody.
export const forgetsToReturn: CallerRule = () => {};

// @ts-expect-error E-mails come one by one, or spread.
serviceAccount(['sender@my-project.iam.gserviceaccount.com']);

// --- Events -------------------------------------------------------------------------------------------------------

export function count(event: GuardEvent): string {
  switch (event.type) {
    case 'token_accepted':
      yes<Equal<typeof event.caller, Caller>>();
      yes<Equal<typeof event.fromCache, boolean>>();
      // @ts-expect-error An accepted token has no code.
      event.code;
      return event.kid;
    case 'token_absent':
      return event.type;
    case 'token_refused':
      yes<Equal<typeof event.code, GoogleIdTokenErrorCode>>();
      yes<Equal<typeof event.hint, string | undefined>>();
      // @ts-expect-error Of a refused token nobody knows the caller.
      event.caller;
      return event.code;
    case 'keys_refreshed':
      yes<Equal<typeof event.keyIds, readonly string[]>>();
      return event.source;
    case 'keys_refresh_failed':
      yes<Equal<typeof event.error, Error>>();
      return event.error.message;
    case 'keys_stale_used':
      yes<Equal<typeof event.staleForSeconds, number>>();
      return event.kid;
    case 'keys_store_failed':
      yes<Equal<typeof event.operation, 'get' | 'set'>>();
      return event.operation;
    default:
      yes<Equal<typeof event, never>>();
      return event;
  }
}

createGoogleIdTokenVerifier({ audience, callers, onEvent: (event) => yes<Equal<typeof event, GuardEvent>>() });
yes<Equal<Exclude<GuardEvent, KeySetEvent>['type'], 'token_accepted' | 'token_absent' | 'token_refused'>>();

// --- Errors -------------------------------------------------------------------------------------------------------

/** Written out: a new code has to be put here, and wherever else somebody maps codes. */
export const meaning: Record<GoogleIdTokenErrorCode, 'ours' | 'theirs'> = {
  token_missing: 'theirs',
  request_invalid: 'theirs',
  token_malformed: 'theirs',
  algorithm_unsupported: 'theirs',
  key_unknown: 'theirs',
  signature_removed: 'theirs',
  signature_invalid: 'theirs',
  claim_invalid: 'theirs',
  issuer_mismatch: 'theirs',
  audience_mismatch: 'theirs',
  token_expired: 'theirs',
  token_not_yet_valid: 'theirs',
  caller_not_allowed: 'theirs',
  keys_unavailable: 'ours',
};

// @ts-expect-error The union of codes is closed: no string will do.
export const notACode: GoogleIdTokenErrorCode = 'token_stolen';

// @ts-expect-error Nor is there an error with another code.
new GoogleIdTokenError('token_stolen');

export function answerTo(error: unknown): string | undefined {
  if (!isGoogleIdTokenError(error)) {
    yes<Equal<typeof error, unknown>>();
    return undefined;
  }
  yes<Equal<typeof error, GoogleIdTokenError>>();
  yes<Equal<typeof error.code, GoogleIdTokenErrorCode>>();
  yes<Equal<typeof error.hint, string | undefined>>();
  yes<Equal<typeof error.retryAfterSeconds, number | undefined>>();
  const { status, headers, body } = toRefusal(error);
  yes<Equal<typeof status, 400 | 401 | 403 | 503>>();
  yes<Equal<typeof headers, Readonly<Record<string, string>>>>();
  return body;
}
