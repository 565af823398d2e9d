import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { Kit } from './kit.ts';

/** The `Authorization` header of a request: absent, once, or several times. */
export type AuthorizationValue = string | readonly string[] | undefined;

export interface Described {
  /** Unique in the whole catalogue; reads as the name of a test. */
  readonly name: string;
  /** Where the idea comes from: a section of an RFC, a CVE or advisory, or the facts about Google's tokens. */
  readonly source: string;
}

/** A token, for `verify()` as it is and for any Bearer header. */
export interface TokenInput extends Described {
  token(kit: Kit): string | Promise<string>;
}

/** A whole header value, where the header and not the token is what is odd. */
export interface HeaderInput extends Described {
  authorization(kit: Kit): AuthorizationValue | Promise<AuthorizationValue>;
}

/** Something that a guard must let in although it looks odd. */
export type AcceptedInput = TokenInput | HeaderInput;

/** Something that a guard must refuse with this code and no other. */
export type HostileInput = (TokenInput | HeaderInput) & { readonly code: GoogleIdTokenErrorCode };

export function isTokenInput<I extends TokenInput | HeaderInput>(input: I): input is I & TokenInput {
  return 'token' in input;
}
