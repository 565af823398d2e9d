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

function runtimeBy(crypto: typeof NodeCrypto, { Buffer }: typeof NodeBuffer): Runtime {
  const keyObjects = new WeakMap<VerificationKey, NodeCrypto.KeyObject>();

  function keyObjectOf(key: VerificationKey): NodeCrypto.KeyObject {
    const known = keyObjects.get(key);
    if (known !== undefined) {
      return known;
    }
    const keyObject = crypto.createPublicKey({ key: { kty: 'RSA', n: key.n, e: key.e }, format: 'jwk' });
    keyObjects.set(key, keyObject);
    return keyObject;
  }

  return {
    decodeBase64url(text) {
      const bytes = Buffer.from(text, 'base64url');
      // The decoder passes over padding, other characters and the bits that are left over; they do not come back.
      return bytes.toString('base64url') === text ? bytes : undefined;
    },
    copyOfAscii: (text) => Buffer.from(text, 'latin1').toString('latin1'),
    verifyRs256: (key, signature, text) =>
      crypto.verify('sha256', Buffer.from(text, 'latin1'), keyObjectOf(key), signature),
    prepareKey(key) {
      keyObjectOf(key);
    },
  };
}
