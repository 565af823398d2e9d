import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ScaleName } from './measuring/results.ts';
import { type SectionName, sectionNames } from './sections/sections.ts';

export interface Options {
  readonly scale: ScaleName;
  readonly sections: readonly SectionName[];
  /** The folder that gets the results; `undefined`: they are only printed. */
  readonly out: string | undefined;
}

export const HELP = `Measures the built packages beside their peers. All of it takes about a quarter of an hour, on a machine that does
nothing else. Prints tables; with --out it also writes them, and charts, as data, as text and as pictures.

  --only <names>  sections, with commas between: ${sectionNames.join(', ')}
  --quick         a few seconds for each section: for a look, not for a report
  --tiny          only enough to show that it works
  --out <folder>  write <folder>/performance.md, bench/results.json and images/bench-*.svg (docs)
`;

/** @throws TypeError that names a wrong option */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return 'help';
  }
  return {
    scale: values.tiny ? 'tiny' : values.quick ? 'quick' : 'full',
    sections: values.only === undefined ? sectionNames : values.only.split(',').map(sectionNamed),
    out: values.out === undefined ? undefined : resolve(values.out),
  };
}

function sectionNamed(name: string): SectionName {
  const found = sectionNames.find((each) => each === name);
  if (found === undefined) {
    throw new TypeError(`--only must be of ${sectionNames.join(', ')}; there is no "${name}".`);
  }
  return found;
}
