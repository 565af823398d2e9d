import { BEFORE, OURS } from '../contestants/registry.ts';
import { NO_GUARD } from '../http/app.ts';
import type { Results, Row } from '../measuring/results.ts';

/** What was measured beside the contestants, to compare with: bare cryptography, a string, an app without a guard. */
const YARDSTICK = new RegExp(`^(crypto\\.|the string alone$|${NO_GUARD}$)`);

/** The rows of a table that are about peers. */
export function peersIn({ sections }: Results, id: string): readonly Row[] {
  const table = sections.flatMap(({ tables }) => tables).find((each) => each.id === id);
  return table?.rows.filter(({ name }) => name !== OURS && name !== BEFORE && !YARDSTICK.test(name)) ?? [];
}

export function quotient(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined || !Number.isFinite(other) ? undefined : one / other;
}
