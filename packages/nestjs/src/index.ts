// What users of the adapter need of core, the very same objects: one package to install, one import.
export {
  type AudienceRequest,
  type AudienceRule,
  allOf,
  anyCaller,
  anyOf,
  type Caller,
  type CallerRule,
  type ComputeInstance,
  computeInstance,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  GOOGLE_JWKS_URL,
  type GoogleIdToken,
  type GoogleIdTokenClaims,
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  type GoogleKeySetOptions,
  type GuardEvent,
  isGoogleIdTokenError,
  type KeySet,
  type KeySetEvent,
  type KeySetSnapshot,
  type KeySetStatus,
  type KeySetStore,
  type Refusal,
  requestUrl,
  type ServiceAccountCaller,
  type SubjectCaller,
  serviceAccount,
  staticKeySet,
  subject,
  type TokenHeader,
  toRefusal,
  type UserCaller,
  urlsUnder,
  user,
  workspaceDomain,
} from '@id-token-guard/core';
export { GoogleCaller, GoogleIdTokenParam, googleIdToken } from './caller.ts';
export { GoogleIdTokenException } from './exception.ts';
export { GoogleIdTokenFilter } from './filter.ts';
export {
  type AdapterOptions,
  GoogleIdTokenGuard,
  type HttpGuard,
  type OnRefused,
  type OptionalAdapterOptions,
  requireGoogleIdToken,
} from './guard.ts';
export {
  GoogleIdTokenModule,
  type GoogleIdTokenModuleAsyncOptions,
  type GoogleIdTokenModuleOptions,
} from './module.ts';
export { Public } from './public.ts';
