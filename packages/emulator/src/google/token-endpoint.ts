import type { SigningKey } from '@id-token-guard/testing/internal';
import { errors, importJWK, type JWTPayload, jwtVerify } from 'jose';
import type { Emulator } from '../emulator.ts';
import { accessTokenFor } from './access-token.ts';
import { oauthError } from './google-errors.ts';
import { repeatedParameter } from './repeated-parameter.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const MAX_LIFETIME_SECONDS = 3600;
/** Libraries that know no other endpoint name the real one in their assertions. */
const REAL_TOKEN_URI = 'https://oauth2.googleapis.com/token';
const BAD_TIME =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

/**
 * `POST /token`: a service account exchanges an assertion that it has signed itself for an ID token, or without
 * `target_audience` and with `scope`, for an access token.
 *
 * @see RFC 7523 §2.1 (JWTs as authorization grants); `target_audience` is Google's addition
 */
export async function exchangeAssertion(emulator: Emulator, request: Request): Promise<Response> {
  const form = await readForm(request);
  const repeated = repeatedParameter(form, 'grant_type', 'assertion');
  if (repeated !== undefined) {
    return oauthError('invalid_request', `OAuth 2 parameters can only have a single value: ${repeated}`);
  }
  if (form.get('grant_type') !== GRANT_TYPE) {
    return oauthError('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
  }
  const assertion = form.get('assertion') ?? '';
  const email = issuerOf(assertion);
  const key = await emulator.accounts.keyOf(email);
  if (key === undefined) {
    return oauthError('invalid_grant', 'Invalid grant: account not found');
  }
  try {
    return await grant(emulator, email, await verifyAssertion(emulator, assertion, key));
  } catch (error) {
    return oauthError('invalid_grant', reasonOf(error));
  }
}

async function grant(emulator: Emulator, email: string, payload: JWTPayload): Promise<Response> {
  if (payload.sub !== undefined && payload.sub !== email) {
    const why =
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.';
    return oauthError('unauthorized_client', why, 401);
  }
  const { target_audience: audience, scope } = payload;
  if (typeof audience === 'string' && audience !== '') {
    const { token } = await emulator.google.from.serviceAccountKey({ audience, serviceAccount: email });
    return Response.json({ id_token: token });
  }
  return typeof scope === 'string' && scope !== ''
    ? accessTokenFor(emulator, email)
    : oauthError('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
}

async function verifyAssertion({ google, url }: Emulator, assertion: string, key: SigningKey): Promise<JWTPayload> {
  const { payload } = await jwtVerify(assertion, await importJWK(key.publicJwk), {
    algorithms: ['RS256'],
    audience: [`${url}/token`, REAL_TOKEN_URI],
    requiredClaims: ['iat', 'exp'],
    maxTokenAge: MAX_LIFETIME_SECONDS,
    currentDate: new Date(google.now()),
  });
  const { iat = 0, exp = 0 } = payload;
  if (exp - iat > MAX_LIFETIME_SECONDS) {
    throw new errors.JWTClaimValidationFailed('lives too long', payload, 'exp');
  }
  return payload;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return 'Invalid JWT: Failed audience check.';
  }
  const isAboutTime = error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired;
  return isAboutTime ? BAD_TIME : 'Invalid JWT Signature.';
}

async function readForm(request: Request): Promise<URLSearchParams> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  return new URLSearchParams(isForm ? await request.text() : '');
}

function issuerOf(assertion: string): string {
  try {
    const { iss } = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
    return typeof iss === 'string' ? iss : '';
  } catch {
    return '';
  }
}
