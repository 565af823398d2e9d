import { isJsonObject, type JsonObject, own } from '../json.ts';
import { runtime } from '../runtime/current.ts';
import type { VerificationKey } from './key-set.ts';
import { isRocaModulus } from './roca.ts';

/** RFC 7518 §3.3, in the words of Web Cryptography. */
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

const MIN_MODULUS_BITS = 2048;
// No crypto library takes more, and a longer one only costs time.
const MAX_MODULUS_BITS = 16_384;
/** RFC 7518 §6.3.2; each alone gives the private key away. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];
const MIN_EXPONENT = 65_537n;
const MAX_EXPONENT = 2n ** 32n - 1n;

/** The public members of a key that may verify our tokens; all others are left behind. */
export interface UsableJwk {
  readonly kid: string;
  readonly n: string;
  readonly e: string;
  /** It says of itself that it is of a fake Google: good for a test, and never to be taken for one of the real one. */
  readonly fake?: true;
}

/**
 * Picks the keys that may verify our tokens from a JWKS document: RSA, 2048 bits or more, meant for RS256 signatures,
 * with a key id. Others are ignored (RFC 7517 §5). Two different keys under one id are ambiguous; neither is used.
 *
 * @returns `undefined` where the document is not a JSON object with a `keys` array
 */
export function usableJwks(document: unknown): UsableJwk[] | undefined {
  const entries = isJsonObject(document) ? own(document, 'keys') : undefined;
  if (!Array.isArray(entries)) {
    return undefined;
  }
  const byKid = new Map<string, UsableJwk | 'ambiguous'>();
  for (const entry of entries) {
    const jwk = usableJwk(entry);
    if (jwk !== undefined) {
      const other = byKid.get(jwk.kid);
      byKid.set(jwk.kid, other === undefined || isSameKey(jwk, other) ? jwk : 'ambiguous');
    }
  }
  return [...byKid.values()].filter((jwk) => jwk !== 'ambiguous');
}

function usableJwk(entry: unknown): UsableJwk | undefined {
  if (!isJsonObject(entry)) {
    return undefined;
  }
  const [kid, n, e] = [own(entry, 'kid'), own(entry, 'n'), own(entry, 'e')];
  const usable =
    own(entry, 'kty') === 'RSA' &&
    typeof kid === 'string' &&
    kid !== '' &&
    isForSignatures(entry) &&
    isModulus(n) &&
    isExponent(e);
  return usable ? { kid, n, e, ...(own(entry, 'fake') === true && { fake: true }) } : undefined;
}

function isForSignatures(jwk: JsonObject): boolean {
  const [use, alg, operations] = [own(jwk, 'use'), own(jwk, 'alg'), own(jwk, 'key_ops')];
  return (
    (use === undefined || use === 'sig') &&
    (alg === undefined || alg === 'RS256') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify'))) &&
    // A private key that is public protects nothing: anybody could sign with it.
    !PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))
  );
}

/** Tells whether the numbers of a key are those of one that is strong enough (RFC 7518 §3.3). */
export function isUsableRsaKey({ n, e }: { readonly n: unknown; readonly e: unknown }): boolean {
  return isModulus(n) && isExponent(e);
}

function isModulus(value: unknown): value is string {
  const modulus = unsigned(value);
  if (modulus === undefined) {
    return false;
  }
  const bits = modulus.toString(2).length;
  return bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS && !isRocaModulus(modulus);
}

function isExponent(value: unknown): value is string {
  const exponent = unsigned(value) ?? 0n;
  return exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT && exponent % 2n === 1n;
}

/** RFC 7518 §2, Base64urlUInt. */
function unsigned(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || value.length > MAX_MODULUS_BITS / 6 + 2) {
    return undefined;
  }
  return runtime.decodeBase64url(value)?.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}

/**
 * Makes keys of usable JWKs. A key that was in use before stays the same object, so that tokens verified with it stay
 * verified; one that the runtime does not take is ignored.
 */
export async function importKeys(
  jwks: readonly UsableJwk[],
  known: ReadonlyMap<string, VerificationKey> = new Map(),
): Promise<ReadonlyMap<string, VerificationKey>> {
  const keys = new Map<string, VerificationKey>();
  for (const jwk of jwks) {
    const before = known.get(jwk.kid);
    const key = before !== undefined && isSameKey(jwk, before) ? before : await importKey(jwk);
    if (key !== undefined) {
      keys.set(jwk.kid, key);
    }
  }
  return keys;
}

async function importKey({ kid, n, e }: UsableJwk): Promise<VerificationKey | undefined> {
  try {
    const publicKey = await crypto.subtle.importKey('jwk', { kty: 'RSA', n, e }, RS256, false, ['verify']);
    const key = Object.freeze({ kid, n, e, publicKey });
    runtime.prepareKey(key);
    return key;
  } catch {
    return undefined;
  }
}

function isSameKey(one: UsableJwk, other: UsableJwk | 'ambiguous'): boolean {
  return other !== 'ambiguous' && one.n === other.n && one.e === other.e;
}
