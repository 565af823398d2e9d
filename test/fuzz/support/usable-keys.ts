import { createPublicKey } from 'node:crypto';

/** A key as far as it matters for verification. */
export interface PlainKey {
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** As long as a number of 16,384 bits with a zero byte in front: RFC 7518 §2 wants none at all. */
const MAX_LENGTH = Buffer.alloc(16_384 / 8 + 1).toString('base64url').length;

/** What every number of a JWK must be spelled like: RFC 7518 §2, with no bits left over. */
function isBase64url(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_LENGTH &&
    Buffer.from(value, 'base64url').toString('base64url') === value
  );
}

/**
 * The keys of a JWKS document that may verify ID tokens of Google; `undefined` where there is no `keys` list. Asks
 * node:crypto what a key is, and the design what a usable one is: it does not know the reader.
 */
export function expectedKeys(document: unknown): PlainKey[] | undefined {
  const { keys } = membersOf(document) ?? {};
  if (!Array.isArray(keys)) {
    return undefined;
  }
  const usable = keys.map(membersOf).filter(isUsable);
  const distinct = usable.filter((one, index) => usable.findIndex((other) => isEqual(one, other)) === index);
  return distinct
    .filter((one) => distinct.every((other) => other === one || other.kid !== one.kid))
    .map(({ kid, n, e }) => ({ kid, n, e }));
}

/** The own members of a JSON object; `undefined` for every other value. */
function membersOf(value: unknown): Record<string, unknown> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.assign(Object.create(null), Object.fromEntries(Object.entries(value))) : undefined;
}

function isUsable(jwk: Record<string, unknown> | undefined): jwk is Record<string, unknown> & PlainKey {
  if (jwk === undefined) {
    return false;
  }
  const { kty, kid, n, e, use = 'sig', alg = 'RS256', key_ops: operations = ['verify'], ...others } = jwk;
  const isMeantForUs = use === 'sig' && alg === 'RS256' && Array.isArray(operations) && operations.includes('verify');
  const isPublic = !['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'].some((name) => name in others);
  const isNamed = kty === 'RSA' && typeof kid === 'string' && kid.length > 0;
  return isMeantForUs && isPublic && isNamed && isBase64url(n) && isBase64url(e) && isStrong(n, e);
}

function isStrong(n: string, e: string): boolean {
  try {
    const { modulusLength = 0, publicExponent = 0n } =
      createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' }).asymmetricKeyDetails ?? {};
    const isOdd = publicExponent % 2n === 1n && publicExponent < 1n << 32n;
    return modulusLength >= 2048 && modulusLength <= 16_384 && publicExponent > 65_536n && isOdd;
  } catch {
    return false;
  }
}

function isEqual(one: PlainKey, other: PlainKey): boolean {
  return one.kid === other.kid && one.n === other.n && one.e === other.e;
}
