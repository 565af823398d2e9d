/*
 * One app that is guarded, and apps with the mistakes that people make. All answer 200 behind their guard.
 */
import {
  anyCaller,
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifierOptions,
  serviceAccount,
  staticKeySet,
  toRefusal,
} from '@id-token-guard/core';
import { requireGoogleIdToken } from '@id-token-guard/fetch';
import { createFakeGoogle } from '@id-token-guard/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';

export const google = await createFakeGoogle();
export const audience = 'https://api.example.com';
const email = 'sender@my-project.iam.gserviceaccount.com';
/** Of the one caller that the apps let in. */
export const claims = { email, email_verified: true };

type App = (request: Request) => Promise<Response>;

/** Each app has keys of its own, so that none sees the outage of another. */
const options = (): GoogleIdTokenVerifierOptions => ({
  audience,
  callers: serviceAccount(email),
  keys: google.keySet(),
});
const handler = async () => Response.json({ done: true });
const answer = ({ code }: { code: GoogleIdTokenErrorCode }, status: number) => Response.json({ code }, { status });

export const apps = {
  'a guarded app': requireGoogleIdToken(options())(handler),
  'an unguarded app': handler,
  'an app that only decodes tokens': onlyDecoding,
  'an app that checks the audience and not the caller': requireGoogleIdToken({ ...options(), callers: anyCaller })(
    handler,
  ),
  'an app that answers 401 where keys cannot be had': requireGoogleIdToken({
    ...options(),
    onRefused: (error) => refuse(error, error.status === 503 ? 401 : error.status),
  })(handler),
  'an app that answers 200 to stop retries': requireGoogleIdToken({
    ...options(),
    onRefused: (error) => answer(error, 200),
  })(handler),
  'an app that answers without headers': requireGoogleIdToken({
    ...options(),
    onRefused: (error) => answer(error, error.status),
  })(handler),
  'an app with a fixed list of keys': requireGoogleIdToken({ ...options(), keys: staticKeySet(google.jwks) })(handler),
  'an app with another audience': requireGoogleIdToken({ ...options(), audience: 'https://other.example.net' })(
    handler,
  ),
  'an app that lets nobody in': requireGoogleIdToken({ ...options(), callers: () => 'Nobody may call.' })(handler),
} satisfies Record<string, App>;

function refuse(error: GoogleIdTokenError, status: number): Response {
  const { headers, body } = toRefusal(error);
  return new Response(body, { status, headers });
}

/** Judges every claim rightly, and never asks whether Google wrote them. */
async function onlyDecoding(request: Request): Promise<Response> {
  try {
    const token = bearerOf(request);
    const { iss, sub, aud, iat = 0, exp = 0, ...claims } = decodeJwt(token);
    const now = Date.now() / 1000;
    check(decodeProtectedHeader(token).kid !== undefined, 'token_malformed');
    check(sub !== undefined, 'claim_invalid');
    check(iss === 'https://accounts.google.com', 'issuer_mismatch');
    check(aud === audience, 'audience_mismatch');
    check(exp > now, 'token_expired');
    check(iat <= now, 'token_not_yet_valid');
    check(claims['email'] === email, 'caller_not_allowed');
    return handler();
  } catch (error) {
    const refusal = error instanceof GoogleIdTokenError ? error : new GoogleIdTokenError('token_malformed');
    return refuse(refusal, refusal.status);
  }
}

function bearerOf(request: Request): string {
  const header = request.headers.get('authorization');
  check(header !== null, 'token_missing');
  check(header !== 'Bearer', 'request_invalid');
  return `${header}`.slice('Bearer '.length);
}

function check(holds: boolean, code: GoogleIdTokenErrorCode): void {
  if (!holds) {
    throw new GoogleIdTokenError(code);
  }
}
