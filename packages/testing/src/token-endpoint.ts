import { importJWK, jwtVerify } from 'jose';
import type { FakeGoogle } from './fake-google.ts';
import { type ServiceAccounts, uniqueIdOf } from './service-accounts.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * `POST /token`: a service account exchanges an assertion that it has signed itself for an ID token.
 *
 * @see RFC 7523 §2.1 (JWTs as authorization grants); `target_audience` is Google's addition
 */
export async function exchangeAssertion(
  google: FakeGoogle,
  accounts: ServiceAccounts,
  tokenUri: string,
  now: () => number,
  request: Request,
): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  if (form.get('grant_type') !== GRANT_TYPE) {
    return refusal('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
  }
  const assertion = form.get('assertion') ?? '';
  const email = issuerOf(assertion);
  const key = await accounts.keyOf(email);
  if (key === undefined) {
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
    const audience = payload['target_audience'];
    if (typeof audience !== 'string' || audience === '') {
      return refusal('invalid_request', 'Missing required claim: target_audience');
    }
    // The azp of an exchanged token is the e-mail, unlike that of all others.
    const claims = { aud: audience, azp: email, email, email_verified: true, sub: uniqueIdOf(email) };
    return Response.json({ id_token: await google.idToken(claims) });
  } catch {
    return refusal('invalid_grant', 'Invalid JWT Signature.');
  }
}

function issuerOf(assertion: string): string {
  try {
    const { iss } = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
    return typeof iss === 'string' ? iss : '';
  } catch {
    return '';
  }
}

function refusal(error: string, description: string): Response {
  return Response.json({ error, error_description: description }, { status: 400 });
}
