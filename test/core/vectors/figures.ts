/*
 * Runs the public vectors and counts: for the tests, and for whoever makes a table of it.
 */
import { staticKeySet } from '@id-token-guard/core';
import { type RfcExample, rfcExamples } from './rfc-examples.ts';
import { type Outcome, outcomeOf, settled } from './run-vector.ts';
import { type SignatureStep, signatureSteps } from './signature-steps.ts';
import { isLeftOut, readWycheproof, type WycheproofVector } from './wycheproof.ts';

export interface VectorFigures {
  /** One entry for each signature step; empty where the file of Wycheproof is not there. */
  readonly wycheproof: readonly WycheproofFigures[];
  readonly rfc: readonly RfcFigures[];
}

interface WycheproofFigures {
  readonly source: string;
  readonly signatureStep: string;
  readonly rows: number;
  /** Their labels contradict each other. */
  readonly leftOut: number;
  /** Accepted where the label says valid, refused where it says invalid. */
  readonly asLabelled: number;
  /** The rows that were not, by name; a stricter rule of ours is none of them. */
  readonly otherwise: readonly WycheproofVector[];
  /** Good by Wycheproof's own label, and refused because only RS256 is taken: RFC 8725 §3.1. */
  readonly refusedForTheirAlgorithm: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
}

interface RfcFigures {
  readonly source: string;
  readonly signatureStep: string;
  readonly outcome: Outcome;
}

export async function vectorFigures(): Promise<VectorFigures> {
  const steps = Object.entries(signatureSteps);
  const wycheproof = await Promise.all(steps.map(([name, step]) => wycheproofFigures(name, step)));
  const rfc = await Promise.all(
    rfcExamples.flatMap((example) => steps.map(([name, step]) => rfcFigures(example, name, step))),
  );
  return { wycheproof: wycheproof.filter((figures) => figures !== undefined), rfc };
}

async function wycheproofFigures(signatureStep: string, step: SignatureStep): Promise<WycheproofFigures | undefined> {
  const file = readWycheproof();
  if (file === undefined) {
    return undefined;
  }
  const vectors = file.tests.filter((vector) => !isLeftOut(vector));
  const results = await Promise.all(
    vectors.map(async (vector) => ({ vector, outcome: await outcomeOf(vector.jws, vector.jwks, step) })),
  );
  const otherwise = results.filter(({ vector, outcome }) => (vector.result === 'valid') !== (outcome === 'accepted'));
  const stricter = results.filter(
    ({ vector, outcome }) => vector.originalResult === 'valid' && outcome === 'algorithm_unsupported',
  );
  return {
    source: file.source,
    signatureStep,
    rows: file.tests.length,
    leftOut: file.tests.length - vectors.length,
    asLabelled: vectors.length - otherwise.length,
    otherwise: otherwise.map(({ vector }) => vector),
    refusedForTheirAlgorithm: stricter.length,
    outcomes: counted(results.map(({ outcome }) => outcome)),
  };
}

/** RFC 7515 A.2 names no key, which the parse step wants: so the examples are shown to the signature step alone. */
async function rfcFigures(example: RfcExample, signatureStep: string, step: SignatureStep): Promise<RfcFigures> {
  const { jwk, source, ...segments } = example;
  const { kid = 'the key of the example' } = jwk;
  const key = await staticKeySet({ keys: [{ ...jwk, kid }] }).get(kid);
  if (key === undefined) {
    throw new Error(`The key of ${source} is not usable.`);
  }
  return { source, signatureStep, outcome: await settled(async () => step(segments, key)) };
}

function counted(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
