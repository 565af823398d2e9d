/*
 * A Google whose keys have a history. The fake Google of @id-token-guard/testing announces keys or does not; this one does
 * both, and tells since when each key was published.
 */
import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';

export interface GoogleKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
  readonly publishedAt: number;
  /** `undefined`: it is still published. */
  withdrawnAt: number | undefined;
}

/**
 * `announced`: to the key that was published ahead, as Google does. `surprise`: to a key that nobody has seen.
 * `withdrawal`: as `announced`, and the key that signed until now is no longer published, as after a leak.
 */
export type Rotation = 'announced' | 'surprise' | 'withdrawal';

export interface SoakGoogle {
  /** The key that signs now. */
  readonly current: GoogleKey;
  readonly published: readonly GoogleKey[];
  rotate(how: Rotation): Promise<void>;
  now(): number;
}

export async function createSoakGoogle(now: () => number): Promise<SoakGoogle> {
  let current = await createKey(now);
  let next = await createKey(now);
  let previous: GoogleKey | undefined;

  return {
    get current() {
      return current;
    },
    get published() {
      return [current, next, previous].filter((key) => key !== undefined);
    },
    async rotate(how) {
      const fresh = await createKey(now);
      if (how === 'withdrawal') {
        current.withdrawnAt = now();
      } else {
        withdraw(previous);
        previous = current;
      }
      if (how === 'surprise') {
        current = fresh;
      } else {
        current = next;
        next = fresh;
      }
    },
    now,
  };

  function withdraw(key: GoogleKey | undefined): void {
    if (key !== undefined) {
      key.withdrawnAt = now();
    }
  }
}

/** A real RSA key pair. It counts as published from when it is made: whoever asks a moment later gets it. */
export async function createKey(now: () => number): Promise<GoogleKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const kid = randomBytes(20).toString('hex');
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, jwk, publishedAt: now(), withdrawnAt: undefined };
}

/** Signs in the thread pool, so that the soak can send while it signs. */
export async function signToken(privateKey: KeyObject, header: object, claims: object): Promise<string> {
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = await new Promise<Buffer>((resolve, reject) => {
    sign('sha256', Buffer.from(signed), privateKey, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
  return `${signed}.${signature.toString('base64url')}`;
}
