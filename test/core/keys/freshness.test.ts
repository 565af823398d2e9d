import { describe, expect, test } from 'vitest';
import { keys as keysAnswer, send } from './jwks-server.ts';
import { createScene, google } from './scene.ts';

type Headers = Readonly<Record<string, string | string[]>>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Where the header says nothing that makes sense. */
const DEFAULT = 5 * MINUTE;

/** For how long an answer with these headers is fresh, by the status of a key set that has fetched it. */
async function freshSeconds(headers: Headers): Promise<number | undefined> {
  const { keys } = await createScene({ answer: send(200, JSON.stringify(google.jwks), headers) });
  await keys.preload();
  return keys.status().freshForSeconds;
}

describe('keys are fresh for', () => {
  test.each<{ title: string; headers: Headers; seconds: number }>([
    {
      title: 'as long as Google says',
      headers: { 'cache-control': 'public, max-age=19845, must-revalidate, no-transform' },
      seconds: 19_845,
    },
    { title: 'as long as max-age alone says', headers: { 'cache-control': 'max-age=600' }, seconds: 600 },
    { title: 'as long as MAX-AGE says', headers: { 'cache-control': 'Public, MAX-AGE=600' }, seconds: 600 },
    { title: 'as long as a quoted max-age says', headers: { 'cache-control': 'max-age="600"' }, seconds: 600 },
    { title: 'max-age minus Age', headers: { 'cache-control': 'max-age=600', age: '100' }, seconds: 500 },
    { title: 'max-age, at Age 0', headers: { 'cache-control': 'max-age=600', age: '0' }, seconds: 600 },

    { title: 'five minutes without Cache-Control', headers: {}, seconds: DEFAULT },
    { title: 'five minutes, whatever Age says without it', headers: { age: '200' }, seconds: DEFAULT },
    { title: 'five minutes with an empty one', headers: { 'cache-control': '' }, seconds: DEFAULT },
    { title: 'five minutes without max-age', headers: { 'cache-control': 'public' }, seconds: DEFAULT },
    { title: 'five minutes at a negative max-age', headers: { 'cache-control': 'max-age=-1' }, seconds: DEFAULT },
    { title: 'five minutes at a max-age of words', headers: { 'cache-control': 'max-age=soon' }, seconds: DEFAULT },
    { title: 'five minutes at an empty max-age', headers: { 'cache-control': 'max-age=' }, seconds: DEFAULT },
    { title: 'five minutes at two in one', headers: { 'cache-control': 'max-age=1max-age=600' }, seconds: DEFAULT },
    {
      title: 'max-age minus the first of two ages',
      headers: { 'cache-control': 'max-age=600', age: '100 , 7' },
      seconds: 500,
    },
    { title: 'five minutes at a fraction', headers: { 'cache-control': 'max-age=600.5' }, seconds: DEFAULT },
    { title: 'five minutes at an exponent', headers: { 'cache-control': 'max-age=6e2' }, seconds: DEFAULT },
    { title: 'five minutes at a hexadecimal one', headers: { 'cache-control': 'max-age=0x258' }, seconds: DEFAULT },
    {
      title: 'five minutes where only proxies are told',
      headers: { 'cache-control': 's-maxage=600' },
      seconds: DEFAULT,
    },
    { title: 'five minutes at Expires alone', headers: { expires: 'Thu, 01 Jan 2099 00:00:00 GMT' }, seconds: DEFAULT },

    { title: 'a minute at max-age=0', headers: { 'cache-control': 'max-age=0' }, seconds: MINUTE },
    { title: 'a minute at max-age=59', headers: { 'cache-control': 'max-age=59' }, seconds: MINUTE },
    { title: 'a minute at no-store', headers: { 'cache-control': 'no-store' }, seconds: MINUTE },
    { title: 'a minute at no-cache', headers: { 'cache-control': 'no-cache' }, seconds: MINUTE },
    {
      title: 'a minute at no-store, max-age=600',
      headers: { 'cache-control': 'max-age=600, no-store' },
      seconds: MINUTE,
    },
    {
      title: 'a minute at Age just below it',
      headers: { 'cache-control': 'max-age=600', age: '599' },
      seconds: MINUTE,
    },

    { title: 'a day at a day', headers: { 'cache-control': 'max-age=86400' }, seconds: DAY },
    { title: 'a day at a year', headers: { 'cache-control': 'max-age=31536000' }, seconds: DAY },
    { title: 'a day at 10^400 seconds', headers: { 'cache-control': `max-age=1${'0'.repeat(400)}` }, seconds: DAY },
    {
      title: 'a day at a year, of which some has passed',
      headers: { 'cache-control': 'max-age=31536000', age: '100' },
      seconds: DAY,
    },

    { title: 'max-age at a negative Age', headers: { 'cache-control': 'max-age=600', age: '-100' }, seconds: 600 },
    { title: 'max-age at an Age of words', headers: { 'cache-control': 'max-age=600', age: 'old' }, seconds: 600 },
    { title: 'max-age at a fraction of Age', headers: { 'cache-control': 'max-age=600', age: '1.5' }, seconds: 600 },
    {
      title: 'max-age, where only one header must not be stored',
      headers: { 'cache-control': 'no-cache="set-cookie", max-age=600' },
      seconds: 600,
    },
    {
      // RFC 9111 §4.2.1: when directives conflict, either the first one counts or the shorter one.
      title: 'the first max-age of several',
      headers: { 'cache-control': 'max-age=600, max-age=900' },
      seconds: 600,
    },
    {
      title: 'the first max-age of several headers',
      headers: { 'cache-control': ['public, max-age=600', 'max-age=900'] },
      seconds: 600,
    },
    {
      // RFC 9111 §5.1: with a list for a value, the first member counts.
      title: 'max-age minus the first Age of several',
      headers: { 'cache-control': 'max-age=600', age: '100, 200' },
      seconds: 500,
    },
  ])('$title', async ({ headers, seconds }) => {
    expect(await freshSeconds(headers)).toBe(seconds);
  });
});

test('keys that are fresh for a minute are asked for again after it, and not before', async () => {
  const answer = keysAnswer(() => google.jwks, { 'cache-control': 'no-store' });
  const { keys, server, clock, verify, token } = await createScene({ answer });
  await keys.preload();

  clock.advance(44);
  await verify(await token());
  expect(server.requests).toBe(1);

  clock.advance(17);
  await verify(await token());
  expect(server.requests).toBe(2);
});
