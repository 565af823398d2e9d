import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { Emulator } from '../emulator.ts';
import { oauthError } from './google-errors.ts';
import { repeatedParameter } from './repeated-parameter.ts';

/**
 * `GET /tokeninfo?id_token=…`: what a token says, once Google has checked its signature and time. Claims and header come
 * in one object, numbers and booleans as strings. The audience is not checked: that is up to whoever asks.
 *
 * @see https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
 */
export async function tokenInfo({ google }: Emulator, request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const repeated = repeatedParameter(searchParams, 'id_token');
  if (repeated !== undefined) {
    return oauthError('invalid_request', `OAuth 2 parameters can only have a single value: ${repeated}`);
  }
  const token = searchParams.get('id_token');
  if (!token) {
    return oauthError('invalid_request', 'Required parameter is missing: id_token');
  }
  try {
    const keys = createLocalJWKSet(google.jwks as unknown as JSONWebKeySet);
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
      currentDate: new Date(google.now()),
    });
    const members = Object.entries({ ...payload, ...protectedHeader });
    return Response.json(Object.fromEntries(members.map(([name, value]) => [name, asText(value)])));
  } catch {
    return oauthError('invalid_token', 'Invalid Value');
  }
}

function asText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
