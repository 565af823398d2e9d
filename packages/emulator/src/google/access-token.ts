import { uniqueIdOf } from '@id-token-guard/testing/internal';
import type { Emulator } from '../emulator.ts';
import { apiError } from './google-errors.ts';

const LIFETIME_SECONDS = 3599;
const EXPECTED =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';

/**
 * The answer that carries an OAuth access token, which Google's client libraries want before they ask for more.
 *
 * It begins like Google's, so that a service that gets one in place of an ID token can tell what it is. It says that it is
 * fake, and opens nothing but what asks {@link demandAccessToken}.
 */
export async function accessTokenFor({ google }: Emulator, email: string): Promise<Response> {
  const expires = Math.floor(google.now() / 1000) + LIFETIME_SECONDS;
  return Response.json({
    access_token: `ya29.fake.${expires}.${await uniqueIdOf(email)}`,
    expires_in: LIFETIME_SECONDS,
    token_type: 'Bearer',
  });
}

/** The refusal of a request that has no access token of this Google, or one that has expired. */
export function demandAccessToken({ google }: Emulator, request: Request): Response | undefined {
  const authorization = request.headers.get('authorization');
  const [, expires] = /^bearer ya29\.fake\.(\d{1,12})\.\d{21}$/i.exec(authorization ?? '') ?? [];
  if (expires !== undefined && Number(expires) * 1000 > google.now()) {
    return undefined;
  }
  const [why, challenge] =
    authorization === null
      ? ['Request is missing required authentication credential.', '']
      : ['Request had invalid authentication credentials.', ', error="invalid_token"'];
  const response = apiError('UNAUTHENTICATED', `${why} ${EXPECTED}`);
  response.headers.set('www-authenticate', `Bearer realm="https://accounts.google.com/"${challenge}`);
  return response;
}
