import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { importKeys, type UsableJwk, usableJwks } from '../../../packages/core/src/keys/jwks.ts';
import { documents } from '../generators/jwks.ts';
import { JWK } from '../support/google.ts';
import { expectedKeys } from '../support/usable-keys.ts';
import { property, type Target } from '../target.ts';

export type ReadJwks = (document: unknown) => UsableJwk[] | undefined;

const byKid = (one: UsableJwk, other: UsableJwk) => (one.kid < other.kid ? -1 : 1);

export const keys: Target<ReadJwks> = {
  name: 'JWKS reader',
  subject: usableJwks,
  properties: [
    property({
      name: 'takes the keys that are usable and no others',
      values: documents,
      check(read: ReadJwks, document) {
        const [actual, expected] = [read(document), expectedKeys(document)];
        assert.deepEqual(actual?.toSorted(byKid), expected?.toSorted(byKid));
        return actual === undefined ? 'no key set' : `${Math.min(2, actual.length)} usable`;
      },
      outcomes: ['no key set', '0 usable', '1 usable', '2 usable'],
      broken: {
        'takes keys of 1024 bits': changing(({ n, ...others }) => ({ ...others, n: isShort(n) ? JWK['n'] : n })),
        'takes no list for an empty one': (document) => usableJwks(document) ?? [],
        'takes any exponent': changing(({ e, ...others }) => ({ ...others, e: e === 'Aw' ? 'AQAB' : e })),
        'takes keys for encryption': changing(({ use, ...others }) => others),
        'takes keys for other algorithms': changing(({ alg, ...others }) => others),
        'takes private keys': changing(({ d, p, q, ...others }) => others),
        'takes the first of two keys with one id': (document) => firstOfEach(document),
      },
    }),
    property({
      name: 'what it takes, node:crypto and WebCrypto import',
      values: documents,
      async check(read: ReadJwks, document) {
        const usable = read(document) ?? [];
        for (const { n, e } of usable) {
          const { asymmetricKeyDetails } = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
          assert(Number(asymmetricKeyDetails?.modulusLength) >= 2048);
        }
        assert.deepEqual([...(await importKeys(usable)).keys()], [...new Set(usable.map(({ kid }) => kid))]);
        return usable.length > 0 ? 'some' : 'none';
      },
      outcomes: ['some', 'none'],
      broken: { 'takes any text for a number': (document) => allOf(document) },
    }),
  ],
};

type Members = Readonly<Record<string, unknown>>;

function entriesOf(document: unknown): Members[] {
  const { keys: entries } = (document ?? {}) as { keys?: unknown };
  return Array.isArray(entries) ? entries.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}

/** Changes each key before the reader sees it. */
function changing(change: (jwk: Members) => Members): ReadJwks {
  return (document) => usableJwks(document) && usableJwks({ keys: entriesOf(document).map(change) });
}

function isShort(n: unknown): boolean {
  return typeof n === 'string' && Buffer.from(n, 'base64url').length === 128;
}

function firstOfEach(document: unknown): UsableJwk[] | undefined {
  const each = entriesOf(document).flatMap((entry) => usableJwks({ keys: [entry] }) ?? []);
  return usableJwks(document) && each.filter(({ kid }, index) => each.findIndex((one) => one.kid === kid) === index);
}

function allOf(document: unknown): UsableJwk[] {
  return entriesOf(document).filter(
    (entry): entry is Members & UsableJwk => typeof entry['kid'] === 'string' && typeof entry['n'] === 'string',
  );
}
