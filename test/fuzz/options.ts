import { parseArgs } from 'node:util';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

export interface Options {
  readonly targets: readonly Target[];
  readonly seed: number;
  readonly runs: number | undefined;
  readonly seconds: number | undefined;
  readonly path: string | undefined;
  readonly json: boolean;
  /** Keeps the result for docs/figures.md. */
  readonly record: boolean;
}

export const HELP = `Feeds what reads foreign input with everything that it must stand.

  --seconds <number>  how long (120)
  --runs <number>     how many runs each property gets, in place of a time
  --only <name>       one target, or one property as "target: property"
  --seed <number>     makes the values of an earlier run again (another one each time)
  --path <path>       with --only and --seed: goes straight to the value that failed
  --json              prints all figures as JSON
  --record            keeps the result for docs/figures.md

Targets: ${targets.map(({ name }) => name).join(', ')}
`;

/** @throws TypeError that names a wrong option */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      runs: { type: 'string' },
      only: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      json: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return 'help';
  }
  if (values.record && (values.only ?? values.runs ?? values.path) !== undefined) {
    throw new TypeError('--record is for all targets and a time: it cannot be together with --only, --runs or --path.');
  }
  const chosen = chosenTargets(values.only);
  const [seconds, runs] = [wholeNumber('seconds', values.seconds, 1), wholeNumber('runs', values.runs, 1)];
  if (values.path !== undefined && chosen.flatMap(({ properties }) => properties).length > 1) {
    throw new TypeError(
      '--path is the path of one value: say with --only "target: property" which property it is for.',
    );
  }
  return {
    targets: chosen,
    seed: wholeNumber('seed', values.seed, 0) ?? Math.floor(Math.random() * 1e9),
    // A path leads to one value, whatever the time.
    runs: values.path === undefined ? runs : 1,
    seconds: seconds ?? (runs === undefined && values.path === undefined ? 120 : undefined),
    path: values.path,
    json: values.json,
    record: values.record,
  };
}

function chosenTargets(only: string | undefined): readonly Target[] {
  if (only === undefined) {
    return targets;
  }
  const chosen = targets
    .map((target) => ({
      ...target,
      properties: target.properties.filter(({ name }) => [target.name, `${target.name}: ${name}`].includes(only)),
    }))
    .filter(({ properties }) => properties.length > 0);
  if (chosen.length === 0) {
    throw new TypeError(`--only must be a target, or a property as "target: property".`);
  }
  return chosen;
}

function wholeNumber(name: string, text: string | undefined, min: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min) {
    throw new TypeError(`--${name} must be a whole number, ${min} or more, of at most nine digits.`);
  }
  return value;
}
