import { importKeys, usableJwks } from './jwks.ts';
import type { KeySet, VerificationKey } from './key-set.ts';
import { withPeek } from './peek.ts';

/**
 * Keeps keys that never change, for tests and closed networks.
 *
 * Unusable keys are ignored, by the same test as Google's. It does not notice when Google rotates its keys.
 *
 * @throws TypeError where `jwks` is not an object with a `keys` array
 */
export function staticKeySet(jwks: { readonly keys: readonly object[] }): KeySet {
  const usable = usableJwks(jwks);
  if (usable === undefined) {
    throw new TypeError('staticKeySet() takes a JWKS: an object with a "keys" array.');
  }
  let imported: ReadonlyMap<string, VerificationKey> | undefined;

  async function keys(): Promise<ReadonlyMap<string, VerificationKey>> {
    // Results are kept, never promises: on Cloudflare Workers a promise of another request may never settle.
    const result = imported ?? (await importKeys(usable ?? []));
    imported ??= result;
    return imported;
  }

  const keySet: KeySet = {
    get: async (kid) => (await keys()).get(kid),
    preload: async () => void (await keys()),
    status: () => ({
      state: usable.length > 0 ? 'fresh' : 'empty',
      usable: usable.length > 0,
      keyIds: usable.map(({ kid }) => kid),
    }),
    snapshot: () => undefined,
  };
  return withPeek(keySet, (kid) => imported?.get(kid));
}
