import { GoogleIdTokenError } from '@id-token-guard/core';
import type { VerificationKey } from '../../../packages/core/src/keys/key-set.ts';
import { nodeRuntime } from '../../../packages/core/src/runtime/node.ts';
import type { Runtime } from '../../../packages/core/src/runtime/runtime.ts';
import { webRuntime } from '../../../packages/core/src/runtime/web.ts';

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
  'node:crypto': stepOf(nodeRuntime),
  'Web Cryptography': stepOf(() => webRuntime),
};

/** What differs by runtime decodes and verifies. */
function stepOf(find: () => Runtime | undefined): SignatureStep {
  const runtime = find();
  if (runtime === undefined) {
    throw new Error('These tests run on Node.js.');
  }
  return async ({ protected: header, payload, signature }, key) => {
    const bytes = runtime.decodeBase64url(signature);
    if (bytes === undefined || !(await runtime.verifyRs256(key, bytes, `${header}.${payload}`))) {
      throw new GoogleIdTokenError('signature_invalid');
    }
  };
}
