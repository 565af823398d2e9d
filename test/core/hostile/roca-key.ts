/*
 * Makes an RSA key as the library of CVE-2017-15361 ("ROCA") did: its primes are all of one pattern, so that whoever has
 * the public key can find the private one.
 */
import { checkPrimeSync, createPrivateKey, createPublicKey, randomInt } from 'node:crypto';
import { type KeyPair, toBytes, toInteger } from './forge.ts';

const GENERATOR = 65_537n;

/** The product of the first 126 primes, as for keys of 2048 bits: the primes of the pattern are k · M + (65537^a mod M). */
const M = firstPrimes(126).reduce((product, prime) => product * prime, 1n);

export function rocaKey(): KeyPair {
  const [p, q] = [patternPrime(), patternPrime()];
  const phi = (p - 1n) * (q - 1n);
  const d = inverse(GENERATOR, phi);
  const privateKey = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      e: 'AQAB',
      ...{ n: encoded(p * q, 256), d: encoded(d, 256), p: encoded(p, 128), q: encoded(q, 128) },
      ...{ dp: encoded(d % (p - 1n), 128), dq: encoded(d % (q - 1n), 128), qi: encoded(inverse(q, p), 128) },
    },
  });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** Of 1024 bits, and so large that the product of two has 2048. */
function patternPrime(): bigint {
  const smallest = (3n * 2n ** 1022n) / M + 1n;
  const span = 2n ** 1022n / M - 1n;
  for (;;) {
    const k = smallest + (randomBigInt() % span);
    const candidate = k * M + power(GENERATOR, randomBigInt(), M);
    if (checkPrimeSync(candidate)) {
      return candidate;
    }
  }
}

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 2n; primes.length < count; candidate += 1n) {
    if (primes.every((prime) => candidate % prime !== 0n)) {
      primes.push(candidate);
    }
  }
  return primes;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result * (bit === '1' ? base : 1n)) % modulus;
  }
  return result;
}

/** The extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [remainder, next, factor, nextFactor] = [modulus, value % modulus, 0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return ((factor % modulus) + modulus) % modulus;
}

/** 62 bits. */
function randomBigInt(): bigint {
  return toInteger(Uint8Array.from({ length: 8 }, () => randomInt(256))) >> 2n;
}

function encoded(integer: bigint, length: number): string {
  return Buffer.from(toBytes(integer, length)).toString('base64url');
}
