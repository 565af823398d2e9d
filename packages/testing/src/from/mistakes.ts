import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createSigningKey } from '../signing-key.ts';
import { DEFAULT_SERVICE_ACCOUNT, uniqueIdOf } from './account.ts';

/** A request with what somebody took for an ID token. */
export interface MistakenRequest {
  /** Lower-case names. */
  readonly headers: { readonly authorization: string };
  readonly token: string;
}

/**
 * What people send by mistake, each made and signed as its issuer does, which is not with Google's keys for ID tokens.
 *
 * A guard refuses all of them; its `hint` says which one it was.
 */
export interface Mistakes {
  /** A Firebase Authentication token. Default project: `my-project`. */
  firebase(options?: { readonly projectId?: string }): Promise<MistakenRequest>;
  /** An assertion of Identity-Aware Proxy, which belongs into `x-goog-iap-jwt-assertion`. */
  iap(): Promise<MistakenRequest>;
  /** A token that a service account signed itself, as for calls of Google's APIs. */
  selfSigned(options: { readonly audience: string; readonly serviceAccount?: string }): Promise<MistakenRequest>;
  /** An OAuth access token: opaque, for Google's APIs only. */
  accessToken(): Promise<MistakenRequest>;
  /** An agent identity token (SPIFFE), from the same metadata server as ID tokens. */
  agentIdentity(options: { readonly audience: string }): Promise<MistakenRequest>;
  /** The token of a Chat app whose authentication audience is "Project number". */
  chatProjectNumber(options?: { readonly projectNumber?: string }): Promise<MistakenRequest>;
}

interface Signer {
  readonly alg: 'RS256' | 'ES256';
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/** `now`: milliseconds since the epoch. */
export function createMistakes(now: () => number): Mistakes {
  let rsaKey: Promise<Signer> | undefined;
  let iapKey: Promise<Signer> | undefined;
  const email = DEFAULT_SERVICE_ACCOUNT;

  return {
    async firebase({ projectId = 'my-project' } = {}) {
      return signed(rsa(), {
        iss: `https://securetoken.google.com/${projectId}`,
        aud: projectId,
        auth_time: seconds(),
        email: 'ada@example.com',
        email_verified: true,
        firebase: { identities: { email: ['ada@example.com'] }, sign_in_provider: 'password' },
        sub: 'fake-firebase-user',
        user_id: 'fake-firebase-user',
      });
    },
    async iap() {
      const aud = '/projects/107128418443/global/backendServices/1234567890123456789';
      const claims = { aud, azp: aud, email: 'ada@example.com', sub: await uniqueIdOf('ada@example.com') };
      return signed(iap(), { iss: 'https://cloud.google.com/iap', ...claims, exp: seconds() + 600 });
    },
    selfSigned: async ({ audience, serviceAccount = email }) =>
      signed(rsa(), { iss: serviceAccount, sub: serviceAccount, aud: audience }),
    accessToken: async () => bearer(`ya29.${crypto.randomUUID().replaceAll('-', '')}`),
    async agentIdentity({ audience }) {
      const pool = 'agents.global.org-123456789012.system.id.goog';
      return signed(rsa(), {
        iss: `https://sts.googleapis.com/v1/organizations/123456789012/locations/global/workloadIdentityPools/${pool}`,
        aud: [audience],
        sub: `spiffe://${pool}/resources/aiplatform/projects/107128418443/locations/us-central1/reasoningEngines/1`,
      });
    },
    chatProjectNumber: async ({ projectNumber = '107128418443' } = {}) =>
      signed(rsa(), { iss: 'chat@system.gserviceaccount.com', aud: projectNumber }),
  };

  async function signed(signer: Promise<Signer>, claims: JWTPayload): Promise<MistakenRequest> {
    const { alg, kid, privateKey } = await signer;
    const jwt = new SignJWT({ iat: seconds(), exp: seconds() + 3600, ...claims });
    return bearer(await jwt.setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(privateKey));
  }

  function rsa(): Promise<Signer> {
    rsaKey ??= createSigningKey().then(({ kid, privateKey }) => ({ alg: 'RS256', kid, privateKey }));
    return rsaKey;
  }

  function iap(): Promise<Signer> {
    iapKey ??= generateKeyPair('ES256').then(({ privateKey }) => ({ alg: 'ES256', kid: 'fakeIA', privateKey }));
    return iapKey;
  }

  function seconds(): number {
    return Math.floor(now() / 1000);
  }
}

function bearer(token: string): MistakenRequest {
  return { headers: { authorization: `Bearer ${token}` }, token };
}
