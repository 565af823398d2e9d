/*
 * The catalogue as a list: enough, nothing twice, and nothing without a source.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { REFUSALS } from '../../../packages/core/src/errors.ts';
import {
  acceptedInputs,
  authorizationOf,
  createKit,
  hostileInputs,
  isTokenInput,
  type Kit,
  travelsOverHttp,
} from './catalogue.ts';
import { forgeRemembered, rememberedInputs } from './families/remembered.ts';
import { allFamilies, hostileFigures } from './figures.ts';

/** Sections, advisories, weaknesses, reports, and what is written down of Google's tokens and of our own limits. */
const SOURCE =
  /^(RFC \d|CVE-\d|CWE-\d|GHSA-|OIDC |Unicode TR |Google facts: |limit of |option |[\w-]+\/[\w-]+#\d+$|get-jwks before )/;

let kit: Kit;
beforeAll(async () => {
  kit = await createKit();
});

describe('the catalogue', () => {
  const inputs = Object.values(allFamilies).flat();

  it('has unique names, so that each can be found', () => {
    const names = [...inputs, ...acceptedInputs].map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('says of each input where the idea comes from', () => {
    expect([...inputs, ...acceptedInputs].filter(({ source }) => !SOURCE.test(source))).toEqual([]);
  });

  it('has more than a thousand inputs, no two of them alike', async () => {
    const values = await Promise.all([
      ...hostileInputs.map(async (input) =>
        JSON.stringify(isTokenInput(input) ? { token: await input.token(kit) } : [await input.authorization(kit)]),
      ),
      ...rememberedInputs.map(async (input) => JSON.stringify({ ...forgeRemembered(input, kit), name: '' })),
    ]);
    const distinct = new Set(values).size;
    console.log(`${distinct} distinct tokens, headers and remembered tokens`);
    expect(distinct).toBeGreaterThanOrEqual(1000);
    expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
  });

  it('has more than a thousand header values that HTTP carries as they are, each counted once', async () => {
    const headers = await Promise.all(hostileInputs.map((input) => authorizationOf(input, kit)));
    const distinct = new Set(headers.filter(travelsOverHttp).map((value) => JSON.stringify([value]))).size;
    console.log(`${distinct} distinct header values that HTTP carries as they are`);
    expect(distinct).toBeGreaterThanOrEqual(1000);
  });

  it('has an input for every code', () => {
    const codes = new Set([...hostileInputs, ...rememberedInputs].map(({ code }) => code));
    expect(Object.keys(REFUSALS).filter((code) => !codes.has(code as keyof typeof REFUSALS))).toEqual([]);
  });

  it('is counted', () => {
    const figures = hostileFigures();
    console.log(`Hostile inputs: ${JSON.stringify(figures)}`);
    expect(figures.inputs).toBe(inputs.length);
    expect(figures.inputs).toBeGreaterThanOrEqual(1300);
    expect(figures.accepted).toBe(acceptedInputs.length);
    expect(Object.values(figures.families).filter((count) => count < 20)).toEqual([]);
    expect(figures.sources).toBeGreaterThanOrEqual(100);
  });
});
