import type { Table } from '../measuring/results.ts';
import { makeMany } from './many-verifiers-process.ts';
import type { Context } from './section.ts';

const COUNTS = { full: [1000, 10_000], quick: [1000, 10_000], tiny: [10, 20] };

/** What a service takes that has a verifier for each of its tenants. */
export async function verifiersTable({ scale, world }: Context): Promise<Table> {
  const rows = [];
  for (const count of COUNTS[scale]) {
    for (const token of [undefined, world.mint()]) {
      const { cpu, used } = await makeMany({ count, trust: world.trust, ...(token === undefined ? {} : { token }) });
      rows.push({
        name: `${count.toLocaleString('en')} verifiers, ${token === undefined ? 'idle' : 'each has accepted a token'}`,
        values: { cpu, used: used / 1e6, each: used / count / 1000 },
      });
    }
  }
  return {
    id: 'growth-verifiers',
    title: 'Verifiers over one key set',
    columns: [
      { key: 'cpu', heading: 'processor time to make them, ms', digits: 0 },
      { key: 'used', heading: 'memory in use, MB', digits: 1 },
      { key: 'each', heading: 'each, kB', digits: 1 },
    ],
    rows,
    remarks: [
      'Each has an audience and a caller rule of its own, and would remember 1000 tokens. After garbage collection.',
    ],
  };
}
