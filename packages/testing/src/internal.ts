/**
 * What `@id-token-guard/emulator`, which is of the same version, shares with the fake Google. No promise to anybody else:
 * it may change in any release.
 *
 * @module
 */
export { DEFAULT_SERVICE_ACCOUNT, projectOf, uniqueIdOf } from './from/account.ts';
export { DEFAULT_INSTANCE } from './from/metadata-server.ts';
export { answerJwks } from './jwks-answer.ts';
export { createSigningKey, type SigningKey } from './signing-key.ts';
