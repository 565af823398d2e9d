import { uniqueIdOf } from '../from/account.ts';
import type { Emulator } from './emulator.ts';

const LIFETIME_SECONDS = 3599;

/**
 * The answer that carries an OAuth access token, which Google's client libraries want before they ask for more.
 *
 * It begins like Google's, so that a service that gets one in place of an ID token can tell what it is. It says that it is
 * fake, and opens nothing but what asks {@link acceptsAccessToken}.
 */
export async function accessTokenFor({ now }: Emulator, email: string): Promise<Response> {
  const expires = Math.floor(now() / 1000) + LIFETIME_SECONDS;
  return Response.json({
    access_token: `ya29.fake.${expires}.${await uniqueIdOf(email)}`,
    expires_in: LIFETIME_SECONDS,
    token_type: 'Bearer',
  });
}

/** Whether this Google gives out such tokens, and the token's time has not passed. */
export function acceptsAccessToken({ now }: Emulator, token: string): boolean {
  const [, expires] = /^ya29\.fake\.(\d{1,12})\.\d{21}$/.exec(token) ?? [];
  return expires !== undefined && Number(expires) * 1000 > now();
}
