import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { anyCaller, createGoogleIdTokenVerifier, staticKeySet } from '@id-token-guard/core';
import fc from 'fast-check';
import { DOORS, type Doors, doors } from '../support/doors.ts';
import { AUDIENCE, goodToken, JWK, NOW } from '../support/google.ts';
import { property, type Target } from '../target.ts';
import { brokenDoors } from './broken-doors.ts';

/** What may come out of a function of the application in place of what it should give. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, 0, '', false, true, 'route', 'router', Symbol('route')),
  fc.constantFrom<unknown>([], {}, { status: 200 }, { claims: {}, header: {}, caller: {} }, new Map()),
  fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }),
  fc.string().map((message) => new Error(message)),
);

const WAYS = [
  'throws',
  'rejects',
  'returns',
  'resolves',
  'is thenable and throws',
  'is thenable and resolves',
] as const;
type Way = (typeof WAYS)[number];

/** A function of the application that does not do what it should. */
function misbehaving(way: Way, value: unknown): () => unknown {
  return {
    throws: () => {
      throw value;
    },
    rejects: () => Promise.reject(value),
    returns: () => value,
    resolves: () => Promise.resolve(value),
    'is thenable and throws': () => ({
      // biome-ignore lint/suspicious/noThenProperty: it is what is tried here.
      then() {
        throw value;
      },
    }),
    'is thenable and resolves': () => ({
      // biome-ignore lint/suspicious/noThenProperty: it is what is tried here.
      then: (resolve: (value: unknown) => void) => resolve(value),
    }),
  }[way];
}

const SOURCES = ['onRefused', 'caller rule', 'audience rule', 'key set', 'verifier', 'onEvent'] as const;
type Source = (typeof SOURCES)[number];

/** The arguments of a guard in which one function misbehaves. */
function guardArguments(source: Source, work: () => unknown): unknown[] {
  const keys = staticKeySet({ keys: [JWK] });
  const options = { audience: AUDIENCE, callers: anyCaller, keys, now: () => NOW * 1000 };
  switch (source) {
    case 'onRefused':
      return [{ ...options, onRefused: work }];
    case 'caller rule':
      return [{ ...options, callers: work }];
    case 'audience rule':
      return [{ ...options, audience: work }];
    case 'key set':
      return [{ ...options, keys: { ...keys, get: work } }];
    case 'verifier':
      return [Object.assign(createGoogleIdTokenVerifier(options), { authenticate: work })];
    case 'onEvent':
      return [{ ...options, onEvent: work }];
  }
}

/** Of frameworks with responses of their own, `onRefused` has to send one: what it returns is nobody's business. */
const SENDING: readonly string[] = ['express 5', 'express 4', 'koa', 'fastify'];

const cases = fc
  .record({
    door: fc.constantFrom(...DOORS),
    source: fc.constantFrom(...SOURCES),
    way: fc.constantFrom(...WAYS),
    value: anything,
    isGood: fc.boolean(),
  })
  .filter(({ door, source, way }) => source !== 'onRefused' || /throws|rejects/.test(way) || !SENDING.includes(door))
  // No guard is built with that one.
  .filter(({ source, way, value }) => source !== 'audience rule' || way !== 'returns' || value !== true);

export const guards: Target<Doors> = {
  name: 'guards',
  subject: doors,
  properties: [
    property({
      name: 'answer, and let no request pass, whatever a function of the application does',
      values: cases,
      async check(all: Doors, { door, source, way, value, isGood }) {
        const isYes = /returns|resolves/.test(way) && value === true && source === 'caller rule';
        const mayPass = isGood && (source === 'onEvent' || source === 'onRefused' || isYes);
        const unhandled: unknown[] = [];
        const listener = (reason: unknown) => void unhandled.push(reason);
        process.on('unhandledRejection', listener);
        try {
          const args = guardArguments(source, misbehaving(way, value));
          const headers: Record<string, string> = isGood ? { authorization: `Bearer ${goodToken(0)}` } : {};
          const { status, handled, failures } = await all[door](args, headers);
          await nextTurn();
          assert.deepEqual(unhandled, [], 'A rejection that nobody handles ends the process.');
          assert.equal(handled, mayPass ? 1 : 0, 'The handler ran, or it did not.');
          assert(status !== undefined && (mayPass ? status < 300 : status >= 400), `The answer is ${status}.`);
          assert(
            failures.every((failure) => failure instanceof Error),
            'A failure is no Error.',
          );
          return mayPass ? 'handled' : failures.length === 0 ? 'refused' : 'failed';
        } finally {
          process.off('unhandledRejection', listener);
        }
      },
      outcomes: ['handled', 'refused', 'failed'],
      broken: brokenDoors,
    }),
  ],
};
