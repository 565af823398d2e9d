import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export interface Options {
  readonly isolates: number;
  readonly hours: number;
  readonly seed: number;
  /** Where the chart is written to. */
  readonly out: string;
}

export const HELP = `Lets a fleet of short-lived isolates live through a day with an outage of Google's keys.

  --isolates <number>  isolates that start in that time (10000)
  --hours <number>     how long the time is, 6 or more (24)
  --seed <number>      another seed, another day (1)
  --out <path>         where the chart is written to (docs/fleet.svg)
`;

/** @throws TypeError that names a wrong option */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      isolates: { type: 'string', default: '10000' },
      hours: { type: 'string', default: '24' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return values.help
    ? 'help'
    : {
        isolates: wholeNumber('isolates', values.isolates, 1),
        hours: wholeNumber('hours', values.hours, 6),
        seed: wholeNumber('seed', values.seed, 0),
        out:
          values.out === undefined
            ? fileURLToPath(new URL('../../docs/fleet.svg', import.meta.url))
            : resolve(values.out),
      };
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
    throw new TypeError(`--${name} must be a whole number, ${min} or more.`);
  }
  return value;
}
