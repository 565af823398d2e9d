import { base64url } from 'jose';
import { sha256, uniqueIdOf } from './account.ts';
import {
  bearerRequest,
  plainRequest,
  type SenderOptions,
  type SenderRequest,
  type SignedClaims,
  signClaims,
  type TokenSource,
} from './sender-request.ts';

/** Options of a sender that is a person. */
export interface PersonOptions extends SenderOptions {
  /** @default 'ada@example.com' */
  readonly email?: string;
  /** The Google Workspace or Cloud domain. @default none, as with consumer accounts */
  readonly hostedDomain?: string;
}

/** Options of `google.from.signInWithGoogle`. */
export interface SignInWithGoogleOptions extends PersonOptions {
  /** Of your web application; the audience. @default '1234567890-web.apps.googleusercontent.com' */
  readonly clientId?: string;
  /** What your page gave to the sign-in request. @default none */
  readonly nonce?: string;
  /** @default 'Ada Lovelace' */
  readonly name?: string;
  /** The double-submit token in the form field. @default a random one */
  readonly csrfToken?: string;
  /** The double-submit token in the cookie. @default the same as in the form field */
  readonly csrfCookie?: string;
}

const DEFAULT_EMAIL = 'ada@example.com';
/** The OAuth client of the gcloud command line. */
const GCLOUD_CLIENT_ID = '32555940559.apps.googleusercontent.com';

/** Options of `google.from.appsScript`: of a script that calls a URL with `ScriptApp.getIdentityToken()`. */
export interface AppsScriptOptions extends PersonOptions {
  /** The OAuth client of the script's project, the audience: nobody can choose it. @default '1234567890-script.apps.googleusercontent.com' */
  readonly clientId?: string;
}

/** @see https://developers.google.com/apps-script/reference/script/script-app#getIdentityToken() */
export async function appsScript(google: TokenSource, options: AppsScriptOptions): Promise<SenderRequest> {
  const { clientId = '1234567890-script.apps.googleusercontent.com' } = options;
  return bearerRequest(await signAsPerson(google, clientId, options), {}, options);
}

/** The token of a person for an OAuth client, with what each such token has and nothing else. */
export async function signAsPerson(
  google: TokenSource,
  clientId: string,
  options: PersonOptions,
): Promise<SignedClaims> {
  return signClaims(google, { aud: clientId, azp: clientId, ...(await person(options)) }, options);
}

/** @see https://cloud.google.com/sdk/gcloud/reference/auth/print-identity-token */
export async function gcloudUser(google: TokenSource, options: PersonOptions): Promise<SenderRequest> {
  const claims = {
    aud: GCLOUD_CLIENT_ID,
    azp: GCLOUD_CLIENT_ID,
    ...(await person(options)),
    // OpenID Connect Core 1.0 §3.1.3.6: the left half of the hash of the access token that came with it.
    at_hash: base64url.encode((await sha256(`ya29.${crypto.randomUUID()}`)).subarray(0, 16)),
  };
  return bearerRequest(await signClaims(google, claims, options), {}, options);
}

/** @see https://developers.google.com/identity/gsi/web/guides/verify-google-id-token */
export async function signInWithGoogle(google: TokenSource, options: SignInWithGoogleOptions): Promise<SenderRequest> {
  const { clientId = '1234567890-web.apps.googleusercontent.com', nonce, name = 'Ada Lovelace' } = options;
  const [givenName = '', ...familyNames] = name.split(' ');
  const claims = {
    aud: clientId,
    azp: clientId,
    ...(await person(options)),
    family_name: familyNames.join(' '),
    given_name: givenName,
    jti: randomHex(20),
    name,
    nbf: Math.floor(google.now() / 1000) - 300,
    ...(nonce === undefined ? {} : { nonce }),
    picture: 'https://lh3.googleusercontent.com/a/fake-picture=s96-c',
  };
  const signed = await signClaims(google, claims, options);
  const { csrfToken = randomHex(8), csrfCookie = csrfToken } = options;
  return plainRequest(
    signed,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: `g_csrf_token=${csrfCookie}` },
      body: String(new URLSearchParams({ credential: signed.token, g_csrf_token: csrfToken, client_id: clientId })),
    },
    options,
  );
}

async function person({ email = DEFAULT_EMAIL, hostedDomain }: PersonOptions): Promise<object> {
  const domain = hostedDomain === undefined ? {} : { hd: hostedDomain };
  return { email, email_verified: true, ...domain, sub: await uniqueIdOf(email) };
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}
