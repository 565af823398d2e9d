/*
 * What must hold on every runtime. Only Web APIs and the packages by their published names: no test framework, nothing
 * of Node.js.
 */
import { adapterChecks } from './adapters.ts';
import type { Check } from './check.ts';
import { hostileChecks } from './hostile.ts';
import { keyUrlChecks } from './key-url.ts';
import { keyChecks } from './keys.ts';
import { createKit, type Kit } from './kit.ts';
import { outageChecks } from './outages.ts';
import type { Outside } from './outside.ts';
import { tokenChecks } from './tokens.ts';

/** What became of one check. */
export interface Result {
  readonly name: string;
  readonly passed: boolean;
  readonly error?: string;
}

/** Runs the whole suite in the runtime that calls it, one check after the other. */
export async function runConformance(outside: Outside): Promise<Result[]> {
  const kit = await createKit(outside);
  const checks = [
    ...tokenChecks,
    ...adapterChecks,
    ...keyChecks,
    ...outageChecks,
    ...keyUrlChecks,
    ...hostileChecks(outside.hostile),
  ];
  const results: Result[] = [];
  for (const check of checks) {
    results.push(await resultOf(check, kit));
  }
  return results;
}

async function resultOf({ name, run }: Check, kit: Kit): Promise<Result> {
  try {
    await run(kit);
    return { name, passed: true };
  } catch (error) {
    return { name, passed: false, error: error instanceof Error ? `${error.stack}` : String(error) };
  }
}
