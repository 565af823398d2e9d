import type { VerificationKey } from '../../../packages/core/src/keys.ts';
import type { ParsedToken } from '../../../packages/core/src/parse.ts';
import { verifySignature } from '../../../packages/core/src/signature.ts';

/** A way to verify a signature; throws `signature_invalid`. */
export type SignatureStep = (token: ParsedToken, key: VerificationKey) => Promise<void> | void;

/** Every signature step that is shipped: all of them have to agree with the public vectors. */
export const signatureSteps: Readonly<Record<string, SignatureStep>> = {
  jose: verifySignature,
};
