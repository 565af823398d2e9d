import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.ts';

export interface Readme {
  readonly text: string;
  /** The programs in TypeScript. */
  readonly programs: readonly string[];
}

export function readReadme(packageName: string): Readme {
  const text = readFileSync(join(ROOT, 'packages', packageName, 'README.md'), 'utf8');
  return { text, programs: [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, program = '']) => program) };
}
