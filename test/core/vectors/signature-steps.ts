import { GoogleIdTokenError } from '@id-token-guard/core';
import type { VerificationKey } from '../../../packages/core/src/keys/key-set.ts';
import * as node from '../../../packages/core/src/runtime/node.ts';
import * as web from '../../../packages/core/src/runtime/web.ts';

/** A compact JWS, taken apart at its dots. */
interface Segments {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

/** A way to verify a signature; throws `signature_invalid`. */
export type SignatureStep = (segments: Segments, key: VerificationKey) => Promise<void> | void;

/** Every signature step that is shipped: all of them have to agree with the public vectors. */
export const signatureSteps: Readonly<Record<string, SignatureStep>> = {
  'node:crypto': stepOf(node),
  'Web Cryptography': stepOf(web),
};

/** What differs by runtime decodes and verifies; the build picks one. */
function stepOf({ decodeBase64url, verifyRs256 }: typeof node | typeof web): SignatureStep {
  return async ({ protected: header, payload, signature }, key) => {
    const bytes = decodeBase64url(signature);
    if (bytes === undefined || !(await verifyRs256(key, bytes, `${header}.${payload}`))) {
      throw new GoogleIdTokenError('signature_invalid');
    }
  };
}
