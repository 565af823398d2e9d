import type { GoogleIdTokenClaims } from '@id-token-guard/core';
import { decodeJwt } from 'jose';
import type { IdTokenClaims, IdTokenHeader } from '../id-token.ts';

/** A request as its sender sends it. Its members are those of `fetch`'s options, and what a test wants to compare. */
export interface SenderRequest {
  readonly method: string;
  /** Lower-case names: the token, and what the sender sends with it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly token: string;
  /** What is in the token. */
  readonly claims: GoogleIdTokenClaims;
}

/** What can be changed about every sender. */
export interface SenderOptions {
  /** Claims in place of the sender's; what is `undefined` is left out. */
  readonly claims?: { readonly [claim: string]: unknown };
  /** Headers in place of the sender's; what is `undefined` is left out. */
  readonly headers?: { readonly [name: string]: string | undefined };
}

/** Options of a sender that acts as a service account of yours. */
export interface ServiceAccountOptions extends SenderOptions {
  /** The e-mail of the account. @default 'sender@my-project.iam.gserviceaccount.com' */
  readonly serviceAccount?: string;
}

/** Options of code that gets a token itself, and says for whom. */
export interface CodeOptions extends ServiceAccountOptions {
  /** Whom the token is for; whoever asks chooses it. */
  readonly audience: string;
  /** The header that carries the token. @default 'authorization' */
  readonly header?: 'authorization' | 'x-serverless-authorization';
}

/** Options of a Google service that calls a URL. */
export interface ServiceOptions extends ServiceAccountOptions {
  /** The URL that the service is told to call, with path and query. */
  readonly url: string;
  /** @default the URL, all of it */
  readonly audience?: string;
}

/** What the senders need of the fake Google. */
export interface TokenSource {
  idToken(claims: IdTokenClaims, header?: IdTokenHeader): Promise<string>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A token and what is in it. */
export type SignedClaims = Pick<SenderRequest, 'token' | 'claims'>;

/** Makes the sender's token. `azp` is the `sub` unless it is among the claims, as in most tokens of service accounts. */
export async function signClaims(
  google: TokenSource,
  claims: IdTokenClaims,
  options: SenderOptions,
): Promise<SignedClaims> {
  const token = await google.idToken({ ...claims, ...options.claims });
  return { token, claims: decodeJwt<GoogleIdTokenClaims>(token) as GoogleIdTokenClaims };
}

/** What a sender adds to its token to make a request. */
export interface RequestParts {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string | undefined };
  readonly body?: string | undefined;
}

/** Puts the token into the header that carries it, and the sender's other headers beside it. */
export function bearerRequest(
  signed: SignedClaims,
  parts: RequestParts,
  options: SenderOptions & Pick<CodeOptions, 'header'>,
): SenderRequest {
  const headers = { ...parts.headers, [options.header ?? 'authorization']: `Bearer ${signed.token}` };
  return plainRequest(signed, { ...parts, headers }, options);
}

/** A request with no other headers than the given ones. */
export function plainRequest(
  signed: SignedClaims,
  { method = 'GET', headers = {}, body }: RequestParts,
  options: SenderOptions,
): SenderRequest {
  return {
    method,
    headers: definedHeaders({ ...lowerCaseNames(headers), ...lowerCaseNames(options.headers ?? {}) }),
    ...(body === undefined ? {} : { body }),
    ...signed,
  };
}

function lowerCaseNames<Value>(headers: { readonly [name: string]: Value }): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function definedHeaders(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
  );
}
