export { type AudienceRequest, type AudienceRule, urlsUnder } from './audience.ts';
export type { TokenHeader } from './bearer.ts';
export { allOf, anyCaller, anyOf } from './caller.ts';
export type { CallerRule } from './caller-rule.ts';
export {
  type ComputeInstance,
  computeInstance,
  serviceAccount,
  subject,
  user,
  workspaceDomain,
} from './caller-rules.ts';
export { GOOGLE_ISSUERS } from './claims.ts';
export {
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenErrorDetails,
  isGoogleIdTokenError,
} from './errors.ts';
export type {
  GuardEvent,
  KeySetEvent,
  KeysRefreshedEvent,
  KeysRefreshFailedEvent,
  KeysStaleUsedEvent,
  KeysStoreFailedEvent,
  TokenAbsentEvent,
  TokenAcceptedEvent,
  TokenRefusedEvent,
} from './events.ts';
export {
  type Admission,
  createGuard,
  type Guard,
  type Refuse,
  type RequestContext,
  responseOf,
  whenAdmitted,
} from './guard.ts';
export type { GuardArguments, GuardOptions, OptionalGuardArguments, OptionalGuardOptions } from './guard-arguments.ts';
export { createGoogleKeySet } from './keys/google-key-set.ts';
export type { GoogleKeySetOptions } from './keys/google-key-set-options.ts';
export {
  GOOGLE_JWKS_URL,
  type KeyRequest,
  type KeySet,
  type KeySetSnapshot,
  type KeySetStatus,
  type KeySetStore,
  type UnknownKid,
  type VerificationKey,
} from './keys/key-set.ts';
export { staticKeySet } from './keys/static-key-set.ts';
export { type NodeRequest, nodeHeaders, nodeUrl } from './node-request.ts';
export { type Refusal, toRefusal } from './refusal.ts';
export type { RequestHeaders } from './request-headers.ts';
export { type RequestUrlOptions, requestUrl } from './request-url.ts';
export type {
  Caller,
  ComputeEngineClaims,
  GoogleIdToken,
  GoogleIdTokenClaims,
  GoogleIdTokenHeader,
  ServiceAccountCaller,
  SubjectCaller,
  UserCaller,
} from './token.ts';
export {
  type AuthenticateContext,
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  type VerifyContext,
} from './verifier.ts';
export type { GoogleIdTokenVerifierOptions } from './verifier-options.ts';
export { type RefusableSocket, writeRefusal } from './write-refusal.ts';
