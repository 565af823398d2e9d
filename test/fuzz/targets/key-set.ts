import assert from 'node:assert/strict';
import { createGoogleKeySet, type GoogleKeySetOptions, isGoogleIdTokenError, type KeySet } from '@id-token-guard/core';
import fc from 'fast-check';
import { bytesOf, often } from '../generators/json-texts.ts';
import { documents } from '../generators/jwks.ts';
import { giveAnswer, type KeyAnswer, keyAnswers } from '../generators/key-answers.ts';
import { refusedOr } from '../support/errors.ts';
import { JWK, NOW } from '../support/google.ts';
import { expectedKeys, type PlainKey } from '../support/usable-keys.ts';
import { property, type Target } from '../target.ts';
import { brokenKeySets } from './broken-key-sets.ts';

export type CreateKeySet = (options: GoogleKeySetOptions) => KeySet;

const URL_OF_KEYS = 'https://keys.example/certs';
const MAX_BYTES = 64 * 1024;
/** No back-off is longer. */
const NEXT_ATTEMPT_SECONDS = 61;

/** What `snapshot()` returns, or something like it. */
const snapshots = fc
  .record({
    version: often<unknown>(1, fc.anything()),
    url: often<unknown>(URL_OF_KEYS, fc.anything()),
    fetchedAt: often<unknown>(NOW * 1000, fc.oneof(fc.double(), fc.integer(), fc.anything())),
    freshForSeconds: often<unknown>(3600, fc.oneof(fc.double(), fc.integer(), fc.anything())),
    document: documents,
  })
  .map(({ document, ...others }) => ({ ...others, keys: (document as { keys?: unknown } | null | undefined)?.keys }));

const snapshotTexts = bytesOf(
  snapshots.map((value) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one))),
).map((bytes) => Buffer.from(bytes).toString());

export const keySet: Target<CreateKeySet> = {
  name: 'key set',
  subject: createGoogleKeySet,
  properties: [
    property({
      name: 'a good answer replaces all keys, any other loses none',
      values: fc.array(keyAnswers, { minLength: 1, maxLength: 5 }),
      async check(create: CreateKeySet, answers) {
        let [now, asked, failed] = [NOW, 0, 0];
        let expected: readonly PlainKey[] = [];
        const keys = create({
          url: URL_OF_KEYS,
          fetch: () => giveAnswer(answers[asked++] ?? assert.fail('One request more than there are answers.')),
          now: () => now * 1000,
          maxStaleSeconds: 604_800,
        });
        for (const [index, answer] of answers.entries()) {
          now += Math.max(0, keys.status().freshForSeconds ?? 0) + NEXT_ATTEMPT_SECONDS;
          await refresh(keys);
          assert.equal(asked, index + 1);
          const fetched = keysIn(answer);
          failed += fetched === undefined ? 1 : 0;
          expected = fetched ?? expected;
          await expectKeys(keys, expected);
          if (fetched !== undefined) {
            const { freshForSeconds = 0, state } = keys.status();
            assert(freshForSeconds >= 60 && freshForSeconds <= 86_400 && state === 'fresh');
          }
        }
        return failed === 0 ? 'all good' : expected.length > 0 ? 'failed with keys at hand' : 'never had keys';
      },
      outcomes: ['all good', 'failed with keys at hand', 'never had keys'],
      broken: {
        'loses its keys with a failure': brokenKeySets.forgetful,
        'takes any status': brokenKeySets.takingAnyStatus,
        'takes what a cache has kept for too long': brokenKeySets.ageless,
        'keeps what Google has withdrawn': brokenKeySets.hoarding,
      },
    }),
    property({
      name: 'checks what a snapshot or a store holds as if it came from the network',
      values: fc.oneof(
        fc.record({ snapshot: fc.oneof({ weight: 4, arbitrary: snapshots }, { weight: 1, arbitrary: fc.anything() }) }),
        fc.record({ text: fc.oneof({ weight: 4, arbitrary: snapshotTexts }, { weight: 1, arbitrary: fc.anything() }) }),
      ),
      async check(create: CreateKeySet, value) {
        const source =
          'text' in value
            ? { store: { get: async () => value.text as string, set: async () => {} } }
            : { snapshot: value.snapshot as never };
        const fetch = () => Promise.reject(new TypeError('fetch failed'));
        const options = { ...source, url: URL_OF_KEYS, fetch, now: () => NOW * 1000 };
        const keys = createdOr(() => create(options));
        if (keys === undefined) {
          return 'TypeError';
        }
        const held = 'text' in value ? parsed(value.text) : value.snapshot;
        const expected = expectedKeys(held) ?? [];
        const answer = await refusedOr('', () => keys.preload());
        if ('code' in answer) {
          assert.equal(answer.code, 'keys_unavailable');
          return 'no keys';
        }
        await expectKeys(keys, expected);
        assert(Number(keys.status().freshForSeconds) <= 86_400);
        return 'keys';
      },
      outcomes: ['TypeError', 'no keys', 'keys'],
      broken: { 'believes it': brokenKeySets.believing, 'throws what it reads': brokenKeySets.choking },
    }),
  ],
};

/** Lets the key set do what is due, in the background too. */
async function refresh(keys: KeySet): Promise<void> {
  const background: Promise<unknown>[] = [];
  await refusedOr('', () => keys.get('nobody', { waitUntil: (work) => background.push(work) }));
  await Promise.all(background);
}

async function expectKeys(keys: KeySet, expected: readonly PlainKey[]): Promise<void> {
  const kids = new Set([...expected.map(({ kid }) => kid), JWK.kid, 'other', 'third', '__proto__']);
  for (const kid of kids) {
    const wanted = expected.find((key) => key.kid === kid);
    const answer = await refusedOr('', () => keys.get(kid));
    if (expected.length === 0) {
      assert.equal('code' in answer && answer.code, 'keys_unavailable');
      continue;
    }
    assert('result' in answer);
    assert.deepEqual(answer.result && { kid, n: answer.result.n, e: answer.result.e }, wanted);
    assert.equal(await keys.get(kid), answer.result, 'A key stays the same object.');
  }
  assert.deepEqual(keys.status().keyIds.toSorted(), expected.map(({ kid }) => kid).toSorted());
}

/** The keys that an answer brings; `undefined` where it must not count. */
function keysIn(answer: KeyAnswer): PlainKey[] | undefined {
  const { kind, status, body, more } = answer;
  const text = body.toString();
  const isRead = kind === 'answers' && status === 200 && body.length + more <= MAX_BYTES && !isTooOld(answer);
  const isText = Buffer.from(text).equals(body);
  const usable = isRead && isText ? expectedKeys(parsed(text)) : undefined;
  return usable?.length === 0 ? undefined : usable;
}

/** By `Age` alone: these answers have no `Date`. */
function isTooOld({ headers }: KeyAnswer): boolean {
  const [age = ''] = (headers['age'] ?? '').split(', ');
  const directives = (headers['cache-control'] ?? '').toLowerCase().split(', ');
  const [, maxAge = ''] = (directives.find((directive) => directive.startsWith('max-age=')) ?? '').split('=');
  const digits = maxAge.replaceAll('"', '');
  const lifetime = directives.includes('no-store') ? 0 : /^\d+$/.test(digits) ? Number(digits) : 300;
  return /^\d+$/.test(age) && Number(age) > Math.max(60, lifetime);
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(text as string);
  } catch {
    return undefined;
  }
}

function createdOr(create: () => KeySet): KeySet | undefined {
  try {
    return create();
  } catch (error) {
    assert(error instanceof TypeError && error.message.startsWith('"snapshot"'), String(error));
    assert(!isGoogleIdTokenError(error));
    return undefined;
  }
}
