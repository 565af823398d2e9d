import { documentAt } from '../../docs/support/documents.ts';
import { codeBlocksOf } from '../../docs/support/markdown.ts';

export interface Readme {
  readonly text: string;
  /** The programs in TypeScript. */
  readonly programs: readonly string[];
}

export function readReadme(packageName: string): Readme {
  const readme = documentAt(`packages/${packageName}/README.md`);
  const programs = codeBlocksOf(readme).filter(({ language }) => language === 'ts');
  return { text: readme.text, programs: programs.map(({ text }) => text) };
}
