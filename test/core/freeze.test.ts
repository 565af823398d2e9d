import { describe, expect, test } from 'vitest';
import { deepFreeze } from '../../packages/core/src/freeze.ts';

describe('deepFreeze', () => {
  test('freezes objects and lists all the way down, and returns the value itself', () => {
    const value = { list: [{ a: {} }], empty: null, text: 'x', number: 1, yes: true };

    expect(deepFreeze(value)).toBe(value);
    for (const part of [value, value.list, value.list[0], value.list[0]?.a]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test.each([null, 'x', 1, true, undefined])('leaves %j as it is', (value) => {
    expect(deepFreeze(value)).toBe(value);
  });

  test('comes to an end where a value is part of itself', () => {
    const circle: { self?: object } = {};
    circle.self = circle;

    expect(deepFreeze(circle).self).toBe(circle);
  });
});
