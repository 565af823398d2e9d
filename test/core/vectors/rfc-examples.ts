import { readFileSync } from 'node:fs';

/** An RS256 signature that an RFC prints, and the key beside it. */
export interface RfcExample {
  readonly name: string;
  readonly source: string;
  readonly jwk: { readonly kid?: string };
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

export const rfcExamples: readonly RfcExample[] = JSON.parse(
  readFileSync(new URL('rfc.json', import.meta.url), 'utf8'),
);
