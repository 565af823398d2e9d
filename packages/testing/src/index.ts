export { createFakeGoogle, type FakeGoogle, type FakeGoogleOptions, type RotateKeysOptions } from './fake-google.ts';
export type { IdTokenClaims, IdTokenHeader } from './id-token.ts';
export type { JwksAnswer } from './jwks-answer.ts';
export { type RefusedRequest, type RefusedRequestsOptions, refusedRequests } from './refused-requests.ts';
export type { FakeGoogleServer, ListenOptions } from './server.ts';
export type { ServiceAccountKey } from './service-accounts.ts';
export type { PublicJwk } from './signing-key.ts';
