/** Those primes up to 167 of which 65537 is no generator; all others say nothing. */
const PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/**
 * Tells whether a modulus comes from the library of CVE-2017-15361 ("ROCA"): its factors can be found, so anybody can
 * sign with such a key. All its primes are powers of 65537 modulo the small primes, and so is their product.
 *
 * One good modulus in 240 million looks the same.
 */
export function isRocaModulus(modulus: bigint): boolean {
  return PRIMES.every((prime) => isPowerOf65537(Number(modulus % BigInt(prime)), prime));
}

function isPowerOf65537(residue: number, prime: number): boolean {
  let power = 1;
  do {
    if (power === residue) {
      return true;
    }
    power = (power * 65_537) % prime;
  } while (power !== 1);
  return false;
}
