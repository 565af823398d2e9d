import { createSigningKey, type SigningKey } from '@id-token-guard/testing/internal';
import { base64url, CompactSign, decodeJwt } from 'jose';
import type { Tampering } from './browser/choices.ts';

/** Spoils a token. One that has expired is good as it is: it was made so. */
export type TamperWith = (token: string, tampering: Tampering | undefined) => Promise<string>;

export function createTamperer(): TamperWith {
  let unpublishedKey: Promise<SigningKey> | undefined;

  return async (token, tampering) => {
    switch (tampering) {
      case 'claim_changed':
        return withMoreTime(token);
      case 'key_unpublished':
        unpublishedKey ??= createSigningKey();
        return signedAnew(token, await unpublishedKey);
      case 'cut':
        return token.slice(0, token.lastIndexOf('.'));
      case 'expired':
      case undefined:
        return token;
    }
  };
}

/** What somebody would change who has found a token: it lives an hour longer. No other check but the signature sees it. */
function withMoreTime(token: string): string {
  const claims = decodeJwt(token);
  const [header, , signature] = token.split('.');
  return [header, base64url.encode(JSON.stringify({ ...claims, exp: (claims.exp ?? 0) + 3600 })), signature].join('.');
}

function signedAnew(token: string, { kid, privateKey }: SigningKey): Promise<string> {
  const [, claims = ''] = token.split('.');
  const header = { alg: 'RS256', kid, typ: 'JWT' };
  return new CompactSign(base64url.decode(claims)).setProtectedHeader(header).sign(privateKey);
}
