import { parseArgs } from 'node:util';
import { GUARDED, SERVICE_NAMES, type ServiceName } from './service-names.ts';

export interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly rate: number;
  readonly services: readonly ServiceName[];
  readonly json: boolean;
  /** Keeps the result for docs/figures.md. */
  readonly record: boolean;
}

export const HELP = `Lets guarded services stand good and bad requests while Google rotates, fails and recovers.

  --seconds <number>   how long, 6 or more (600)
  --seed <number>      another seed, other times and failures (1)
  --rate <number>      requests a second to each service (60)
  --services <names>   of ${SERVICE_NAMES.join(', ')} (the first ${GUARDED.length}; the others are broken
                       on purpose, to see that the soak finds out)
  --json               prints the report as JSON in place of the tables
  --record             keeps the result for docs/figures.md

It ends with 1 where anything happened that the documents do not allow.
`;

/** @throws TypeError that names a wrong option */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '600' },
      seed: { type: 'string', default: '1' },
      rate: { type: 'string', default: '60' },
      services: { type: 'string', default: GUARDED.join(',') },
      json: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.record && values.services !== GUARDED.join(',')) {
    throw new TypeError('--record is for all adapters: it cannot be together with --services.');
  }
  return values.help
    ? 'help'
    : {
        seconds: wholeNumber('seconds', values.seconds, 6),
        seed: wholeNumber('seed', values.seed, 0),
        rate: wholeNumber('rate', values.rate, 1),
        services: values.services.split(',').map(serviceName),
        json: values.json,
        record: values.record,
      };
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
    throw new TypeError(`--${name} must be a whole number, ${min} or more.`);
  }
  return value;
}

function serviceName(text: string): ServiceName {
  const name = SERVICE_NAMES.find((each) => each === text);
  if (name === undefined) {
    throw new TypeError(`--services must be of ${SERVICE_NAMES.join(', ')}.`);
  }
  return name;
}
