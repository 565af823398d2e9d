import { describe, expect, test } from 'vitest';
import { parseJsonObject } from '../../packages/core/src/json.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each(['{"a":1}', ' \t\n\r{"a":1}\n'])('%j is an object', (text) => {
  expect(parseJsonObject(bytesOf(text))).toStrictEqual({ a: 1 });
});

test.each(['', 'null', '[1]', '1', '"x"', 'true', '{', '{"a":1}x', '{a:1}', '\ufeff{"a":1}'])('%j is none', (text) => {
  expect(parseJsonObject(bytesOf(text))).toBeUndefined();
});

test('nor is what is not UTF-8', () => {
  expect(parseJsonObject(new Uint8Array([...bytesOf('{"a":"'), 0xff, ...bytesOf('"}')]))).toBeUndefined();
});

describe('the stack traces of other errors are as long as before', () => {
  test.each([
    ['after an object', '{}'],
    ['after a syntax error', '{'],
    ['after a list', ' []'],
  ])('%s', (_, text) => {
    const before = Error.stackTraceLimit;

    parseJsonObject(bytesOf(text));

    expect(before).toBeGreaterThan(0);
    expect(Error.stackTraceLimit).toBe(before);
  });
});
