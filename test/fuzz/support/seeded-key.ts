import { checkPrimeSync, createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { type KeyPair, toBytes, toInteger } from '../../core/hostile/forge.ts';

const EXPONENT = 65_537n;
const PRIME_BYTES = 128;

/**
 * An RSA key of 2048 bits that is the same for the same seed, so that a seed makes the same tokens again. Anybody can
 * compute it: it is worth nothing outside of a test.
 */
export function seededKey(seed: string): KeyPair {
  const [p, q] = [seededPrime(`${seed} p`), seededPrime(`${seed} q`)];
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const jwk = {
    kty: 'RSA',
    n: encode(p * q),
    e: encode(EXPONENT),
    d: encode(d),
    p: encode(p),
    q: encode(q),
    dp: encode(d % (p - 1n)),
    dq: encode(d % (q - 1n)),
    qi: encode(inverse(q, p)),
  };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** The first prime from a number on that the seed decides. Its two highest bits are set: p × q then has 2048 bits. */
function seededPrime(seed: string): bigint {
  const blocks = Array.from({ length: PRIME_BYTES / 32 }, (_, index) =>
    createHash('sha256').update(`${seed} ${index}`).digest(),
  );
  let candidate = toInteger(Buffer.concat(blocks)) | (3n << BigInt(PRIME_BYTES * 8 - 2)) | 1n;
  while (candidate % EXPONENT === 1n || !checkPrimeSync(candidate)) {
    candidate += 2n;
  }
  return candidate;
}

/** The extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a % b, y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

function encode(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(toBytes(value, Math.ceil(hex.length / 2))).toString('base64url');
}
