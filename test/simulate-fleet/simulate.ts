import { createFakeGoogle, type PublicJwk } from '@id-token-guard/testing';
import { runFleet } from './run-fleet.ts';
import { createScenarios, type Scenario } from './scenarios.ts';
import { type Strategy, strategies } from './strategies.ts';
import type { Tally } from './tally.ts';

/** What a fleet went through with one strategy. */
export interface Result {
  readonly scenario: Scenario;
  readonly strategy: Strategy;
  readonly tally: Tally;
}

export interface SimulationOptions {
  readonly isolates: number;
  readonly hours: number;
  readonly seed: number;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** What runs just now. */
  readonly run: string;
  /** Of that run, from 0 to 1. */
  readonly share: number;
}

/** Each scenario with each strategy. */
export async function simulate({ isolates, hours, seed, onProgress }: SimulationOptions): Promise<readonly Result[]> {
  const jwks = await createJwks();
  const results: Result[] = [];
  for (const scenario of createScenarios(hours)) {
    for (const strategy of strategies) {
      const run = `${scenario.name}, ${strategy.name}`;
      const tally = await runFleet(scenario, strategy, {
        isolates,
        seed,
        jwks,
        onProgress: (share) => onProgress?.({ run, share }),
      });
      results.push({ scenario, strategy, tally });
    }
  }
  return results;
}

/** One for each rotation. */
async function createJwks(): Promise<readonly PublicJwk[]> {
  const google = await createFakeGoogle();
  const keys = new Map<string, PublicJwk>();
  while (keys.size < 4) {
    for (const jwk of google.jwks.keys) {
      keys.set(jwk.kid, jwk);
    }
    await google.rotateKeys();
  }
  return [...keys.values()];
}
