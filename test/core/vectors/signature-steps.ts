import type { VerificationKey } from '../../../packages/core/src/keys.ts';
import { verifySignature } from '../../../packages/core/src/signature.ts';

/** A compact JWS, taken apart at its dots. */
export interface Segments {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

/** A way to verify a signature; throws `signature_invalid`. */
export type SignatureStep = (segments: Segments, key: VerificationKey) => Promise<void> | void;

/** Every signature step that is shipped: all of them have to agree with the public vectors. */
export const signatureSteps: Readonly<Record<string, SignatureStep>> = {
  jose: (segments, key) => verifySignature({ header: {}, unverifiedClaims: {}, kid: key.kid, segments }, key),
};
