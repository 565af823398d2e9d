import { accepts, admit } from '../contestants/proof.ts';
import { entries } from '../contestants/registry.ts';
import type { World } from '../google/world.ts';
import type { Row } from '../measuring/results.ts';
import type { Section } from './section.ts';

interface Check {
  readonly heading: string;
  /** A token with a good signature, for the right audience, which a careful receiver of Google's tokens refuses. */
  make(world: World): string;
}

const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);

const CHECKS: readonly Check[] = [
  { heading: 'another caller', make: ({ mint }) => mint({ email: 'stranger@other.iam.gserviceaccount.com' }) },
  { heading: 'e-mail not verified', make: ({ mint }) => mint({ email_verified: false }) },
  { heading: 'no exp', make: ({ mint }) => mint({ exp: undefined }) },
  { heading: 'exp in ten years', make: ({ mint }) => mint({ exp: now() + 10 * 365 * 24 * HOUR }) },
  { heading: 'iat in an hour', make: ({ mint }) => mint({ iat: now() + HOUR, exp: now() + 2 * HOUR }) },
  { heading: 'unknown crit', make: ({ mint }) => mint({}, { crit: ['exp2'], exp2: 1 }) },
  { heading: 'padded signature', make: ({ mint }) => `${mint()}==` },
];

/** What the work is that is measured: who is fast may do less. */
export const checks: Section = {
  name: 'checks',
  async run({ world, onProgress }) {
    const contestants = await admit(
      entries.filter(({ variant }) => variant !== true),
      world,
    );
    const rows: Row[] = [];
    for (const { name, verify } of contestants) {
      const values: Record<string, string> = {};
      for (const { heading, make } of CHECKS) {
        values[heading] = (await accepts(verify, make(world))) ? 'accepted' : 'refused';
      }
      rows.push({ name, values });
      onProgress(rows.length / contestants.length);
    }
    return [
      {
        id: 'checks',
        title: 'Tokens with a good signature for the right audience, and something wrong',
        columns: CHECKS.map(({ heading }) => ({ key: heading, heading, digits: 0 })),
        rows,
        remarks: [
          'As set up here: each has issuer and audience, and is told to demand `exp` where it has an option for that. Who may call is a rule of id-token-guard; the peers leave it to the application, some with a place for a function of yours.',
        ],
      },
    ];
  },
};
