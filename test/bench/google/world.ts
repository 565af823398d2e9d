import { randomBytes } from 'node:crypto';
import { type PublicJwk, startKeyServer } from './key-server.ts';
import { createQuickKey, type QuickKey } from './quick-key.ts';

/** What every contestant is told: whom to trust, and whom tokens must be for. */
export interface Trust {
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys are, as a JWKS. */
  readonly jwksUrl: string;
  /** Where they are as PEM texts: google-auth-library reads these. */
  readonly pemUrl: string;
  /** The same keys, for those who cannot keep what they fetch. */
  readonly keys: readonly PublicJwk[];
}

/** A Google that issues tokens, and what must be known to verify them. */
export interface World {
  readonly trust: Trust;
  /** A good token of a service account, unless `claims` or `header` say otherwise. No two are alike. */
  mint(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
  /** How often keys have been fetched so far. */
  fetches(): Promise<number>;
  close(): void;
}

const ISSUER = 'https://accounts.google.com';
const AUDIENCE = 'https://api.example.com/push/orders';

/** @param keyCount how many keys Google publishes; it has two most of the time */
export async function createWorld(keyCount = 2): Promise<World> {
  const signers = Array.from({ length: keyCount }, () => ({
    kid: randomBytes(20).toString('hex'),
    key: createQuickKey(),
  }));
  const keys = signers.map(({ kid, key: { n, e } }) => ({ kty: 'RSA', alg: 'RS256', use: 'sig', kid, n, e }) as const);
  const server = await startKeyServer(keys);
  const current = signers[0] as { kid: string; key: QuickKey };
  let minted = 0;

  return {
    trust: {
      issuer: ISSUER,
      audience: AUDIENCE,
      jwksUrl: `${server.origin}/keys`,
      pemUrl: `${server.origin}/pem`,
      keys,
    },
    mint(claims = {}, header = {}) {
      minted += 1;
      const payload = { ...serviceAccountClaims(minted), ...claims };
      const signed = `${encode({ alg: 'RS256', kid: current.kid, typ: 'JWT', ...header })}.${encode(payload)}`;
      return `${signed}.${current.key.sign(signed)}`;
    },
    fetches: () => server.fetches(),
    close: () => server.close(),
  };
}

/** What Pub/Sub puts into the token of a push, with another subject each time. */
function serviceAccountClaims(serial: number): Record<string, unknown> {
  const iat = Math.floor(Date.now() / 1000);
  const sub = `1120104000${String(serial).padStart(11, '0')}`;
  const email = 'push-sender@my-project.iam.gserviceaccount.com';
  return { aud: AUDIENCE, azp: sub, email, email_verified: true, exp: iat + 3600, iat, iss: ISSUER, sub };
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
