/*
 * Signatures that others have published, good and bad, held against every signature step that is shipped.
 */
import { describe, expect, test } from 'vitest';
import { parseToken } from '../../../packages/core/src/parse.ts';
import { refusalOf } from '../refusal-of.ts';
import { vectorFigures } from './figures.ts';
import { rfcExamples } from './rfc-examples.ts';
import { outcomeOf } from './run-vector.ts';
import { signatureSteps } from './signature-steps.ts';
import { isLeftOut, nameOf, readWycheproof } from './wycheproof.ts';

const steps = Object.entries(signatureSteps);
const wycheproof = readWycheproof();
const vectors = wycheproof?.tests.filter((vector) => !isLeftOut(vector)) ?? [];
if (wycheproof === undefined) {
  console.log('../shared/vectors/wycheproof-rs256.json is not beside the repository, so its rows are passed over.');
}

describe.each(steps)('Wycheproof, with the signature step of %s', (_, step) => {
  test.skipIf(wycheproof === undefined)('all rows but those whose labels contradict each other', () => {
    expect(vectors).toHaveLength(423);
  });

  test.each(vectors.map((vector) => [nameOf(vector), vector.result, vector] as const))(
    '%s → %s',
    async (_name, result, { jws, jwks }) => {
      const outcome = await outcomeOf(jws, jwks, step);

      expect(outcome === 'accepted' ? 'valid' : 'invalid').toBe(result);
    },
  );
});

describe('the figures', () => {
  test.skipIf(wycheproof === undefined)('count every row of Wycheproof, and say what is left out', async () => {
    const { wycheproof: figures } = await vectorFigures();

    for (const { source, signatureStep, rows, leftOut, asLabelled, refusedForTheirAlgorithm } of figures) {
      console.log(
        `${source}, ${signatureStep}: ${asLabelled} of ${rows} rows as labelled, ${leftOut} left out for contradictory labels; ` +
          `${refusedForTheirAlgorithm} are good elsewhere and refused here because only RS256 is taken`,
      );
    }
    expect(figures).toEqual(
      steps.map(([signatureStep]) => ({
        source: wycheproof?.source,
        signatureStep,
        rows: 427,
        leftOut: 4,
        asLabelled: 423,
        otherwise: [],
        refusedForTheirAlgorithm: 40,
        outcomes: {
          accepted: 9,
          signature_invalid: 217,
          algorithm_unsupported: 153,
          token_malformed: 36,
          key_unknown: 8,
        },
      })),
    );
  });

  test('count the examples of the RFCs for each signature step', async () => {
    const { rfc } = await vectorFigures();

    expect(rfc).toHaveLength(rfcExamples.length * steps.length);
    expect(new Set(rfc.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
  });
});

describe.each(rfcExamples)('$source, $name,', ({ jwk, payload, signature }) => {
  test.each(steps)('is refused with another header or payload, with the signature step of %s', async (_, step) => {
    const { kid = 'the key of the example' } = jwk;
    const header = encoded({ alg: 'RS256', kid, typ: 'JWT' });

    for (const jws of [`${header}.${payload}.${signature}`, `${header}.${encoded({})}.${signature}`]) {
      expect(await outcomeOf(jws, { keys: [{ ...jwk, kid }] }, step)).toBe('signature_invalid');
    }
  });
});

test('RFC 7520 §4.1 is accepted as it stands, by each signature step', async () => {
  const { jwk, ...example } = rfcExamples[1] ?? expect.fail('It is missing.');

  for (const [, step] of steps) {
    const jws = `${example.protected}.${example.payload}.${example.signature}`;
    expect(await outcomeOf(jws, { keys: [jwk] }, step)).toBe('accepted');
  }
});

test('RFC 7515 A.2 is no token for us: a stricter rule wants a key id', async () => {
  const { protected: header, payload, signature } = rfcExamples[0] ?? expect.fail('It is missing.');

  const refusal = await refusalOf(() => parseToken(`${header}.${payload}.${signature}`));

  expect(refusal.code).toBe('token_malformed');
  expect(refusal.hint).toContain('kid');
});

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
