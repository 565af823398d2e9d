import { createHash } from 'node:crypto';
import { exportPKCS8, importJWK, jwtVerify } from 'jose';
import type { FakeGoogle } from './fake-google.ts';
import { createSigningKey, type SigningKey } from './signing-key.ts';

/** The key file of a service account, as far as Google's client libraries read it. */
export interface ServiceAccountKey {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  /** PKCS #8 in PEM. */
  readonly private_key: string;
  readonly client_email: string;
  /** The unique id of the account, the `sub` of its tokens. */
  readonly client_id: string;
  readonly token_uri: string;
}

/** The endpoint where a service account exchanges an assertion that it has signed for an ID token. */
export interface TokenEndpoint {
  answer(request: Request): Promise<Response>;
  serviceAccountKey(email: string): Promise<ServiceAccountKey>;
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** @see RFC 7523 §2.1 (JWTs as authorization grants); `target_audience` is Google's addition */
export function createTokenEndpoint(google: FakeGoogle, tokenUri: string, now: () => number): TokenEndpoint {
  const accounts = new Map<string, Promise<SigningKey>>();

  function keyOf(email: string): Promise<SigningKey> {
    const key = accounts.get(email) ?? createSigningKey();
    accounts.set(email, key);
    return key;
  }

  return {
    async serviceAccountKey(email) {
      const key = await keyOf(email);
      return {
        type: 'service_account',
        project_id: email.split(/[@.]/)[1] ?? '',
        private_key_id: key.kid,
        private_key: await exportPKCS8(key.privateKey),
        client_email: email,
        client_id: uniqueIdOf(email),
        token_uri: tokenUri,
      };
    },

    async answer(request) {
      const form = new URLSearchParams(await request.text());
      if (form.get('grant_type') !== GRANT_TYPE) {
        return refusal('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
      }
      const assertion = form.get('assertion') ?? '';
      const email = issuerOf(assertion);
      const key = email === undefined ? undefined : await accounts.get(email);
      if (email === undefined || key === undefined) {
        return refusal('invalid_grant', 'Invalid grant: account not found');
      }
      try {
        const { payload } = await jwtVerify(assertion, await importJWK(key.publicJwk), {
          algorithms: ['RS256'],
          audience: tokenUri,
          requiredClaims: ['iat', 'exp'],
          maxTokenAge: '1h',
          currentDate: new Date(now()),
        });
        if (typeof payload['target_audience'] !== 'string' || payload['target_audience'] === '') {
          return refusal('invalid_request', 'Missing required claim: target_audience');
        }
        const sub = uniqueIdOf(email);
        // The azp of an exchanged token is the e-mail, unlike that of all others.
        const idToken = await google.idToken({
          aud: payload['target_audience'],
          azp: email,
          email,
          email_verified: true,
          sub,
        });
        return Response.json({ id_token: idToken });
      } catch {
        return refusal('invalid_grant', 'Invalid JWT Signature.');
      }
    },
  };
}

function issuerOf(assertion: string): string | undefined {
  try {
    const { iss } = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}

/** The same 21 digits for the same e-mail, every time. */
function uniqueIdOf(email: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`) % 10n ** 20n;
  return `1${digits.toString().padStart(20, '0')}`;
}

function refusal(error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status: 400 });
}
