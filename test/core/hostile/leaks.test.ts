/*
 * The search for leaks itself: one that finds nothing would let everything pass.
 */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createKit } from './catalogue.ts';
import { piecesIn, valuesIn } from './leaks.ts';
import { watchPrototypes } from './prototypes.ts';

const kit = await createKit();

describe('the search for leaks', () => {
  it('finds a piece of twelve characters of any segment', () => {
    const [header, payload, signature] = kit
      .token()
      .split('.')
      .map((segment) => segment.slice(20, 32));
    for (const piece of [header, payload, signature]) {
      expect(piecesIn(`The token ${piece} is bad.`, kit.token())).toEqual([piece]);
    }
  });

  it('finds claims and header parameters, but not those that a hint may name', () => {
    const token = kit.token({}, { jku: 'https://attacker.example', kid: '../canary-kid' });
    const { iss, aud, email, sub, jti, nonce } = kit.claims;
    const shown = inspect({ iss, aud, email, sub, jti, nonce, jku: 'https://attacker.example', kid: '../canary-kid' });
    expect(new Set(valuesIn(shown, token))).toEqual(
      new Set(['https://attacker.example', '../canary-kid', sub, jti, nonce]),
    );
  });
});

describe('the watch over prototypes', () => {
  it.each([
    [
      'a new member',
      () => Object.defineProperty(Object.prototype, 'polluted', { value: 1, configurable: true }),
      'Object.polluted',
    ],
    [
      'a new symbol',
      () => Object.defineProperty(Map.prototype, Symbol.for('x'), { value: 1, configurable: true }),
      'Map.Symbol(x)',
    ],
  ])('sees %s', (_, pollute, name) => {
    const changed = watchPrototypes();
    pollute();
    expect(changed()).toEqual([name]);
    Reflect.deleteProperty(Object.prototype, 'polluted');
    Reflect.deleteProperty(Map.prototype, Symbol.for('x'));
    expect(changed()).toEqual([]);
  });

  it('sees a function that is another one', () => {
    const changed = watchPrototypes();
    const original = Array.prototype.at;
    Object.defineProperty(Array.prototype, 'at', { value: () => undefined });
    expect(changed()).toEqual(['Array.at']);
    Object.defineProperty(Array.prototype, 'at', { value: original });
    expect(changed()).toEqual([]);
  });
});
