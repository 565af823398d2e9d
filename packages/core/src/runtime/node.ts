import type * as NodeBuffer from 'node:buffer';
import type * as NodeCrypto from 'node:crypto';
import type { VerificationKey } from '../keys/key-set.ts';
import { builtInModule } from './built-in-module.ts';
import type { Runtime } from './runtime.ts';

/** By `Buffer` and `node:crypto`: several times as fast for one small token as what the Web has. */
export function nodeRuntime(): Runtime | undefined {
  const [crypto, buffer] = [builtInModule('node:crypto'), builtInModule('node:buffer')];
  return crypto && buffer && runtimeBy(crypto, buffer);
}

/**
 * How many signatures may be with the threads of the process at once. Enough for what two processors do, and few enough
 * that files, names and the keys themselves, which need the same threads, never wait for more than these.
 */
const MAX_IN_POOL = 4;

function runtimeBy(crypto: typeof NodeCrypto, { Buffer }: typeof NodeBuffer): Runtime {
  const keyObjects = new WeakMap<VerificationKey, NodeCrypto.KeyObject>();
  // Deno and Bun have the function with a callback, too, and gain nothing by it.
  const hasPool =
    globalThis.process?.versions['deno'] === undefined && globalThis.process?.versions['bun'] === undefined;
  let inPool = 0;
  let isFirst = true;

  function keyObjectOf(key: VerificationKey): NodeCrypto.KeyObject {
    const known = keyObjects.get(key);
    if (known !== undefined) {
      return known;
    }
    const keyObject = crypto.createPublicKey({ key: { kty: 'RSA', n: key.n, e: key.e }, format: 'jwk' });
    keyObjects.set(key, keyObject);
    return keyObject;
  }

  function verifyInPool(data: Uint8Array, key: NodeCrypto.KeyObject, signature: Uint8Array): Promise<boolean> {
    inPool += 1;
    return new Promise((resolve, reject) => {
      crypto.verify('sha256', data, key, signature, (error, isValid) => {
        inPool -= 1;
        if (error) {
          reject(error);
        } else {
          resolve(isValid);
        }
      });
    });
  }

  return {
    decodeBase64url(text) {
      const bytes = Buffer.from(text, 'base64url');
      // The decoder passes over padding, other characters and the bits that are left over; they do not come back.
      return bytes.toString('base64url') === text ? bytes : undefined;
    },
    copyOfAscii: (text) => Buffer.from(text, 'latin1').toString('latin1'),
    verifyRs256(key, signature, text) {
      const [data, keyObject] = [Buffer.from(text, 'latin1'), keyObjectOf(key)];
      // One signature alone is verified sooner on the spot. Where others wait with it, two processors do more than one.
      if (hasPool && inPool < MAX_IN_POOL && (inPool > 0 || !isFirst)) {
        return verifyInPool(data, keyObject, signature);
      }
      isFirst = false;
      queueMicrotask(() => {
        isFirst = true;
      });
      return crypto.verify('sha256', data, keyObject, signature);
    },
    prepareKey(key) {
      keyObjectOf(key);
    },
  };
}
