import type { Result } from './conformance/suite.ts';

/** What became of the suite in one runtime. */
export interface Row {
  readonly runtime: string;
  /** `undefined`: it is not installed here, so nothing is known. */
  readonly version: string | undefined;
  readonly results: readonly Result[];
}

export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map(({ runtime, version, results }) => {
    const passed = results.filter((result) => result.passed).length;
    return version === undefined
      ? `| ${runtime} | not installed | – |`
      : `| ${runtime} | ${version} | ${passed}/${results.length} |`;
  });
  return ['| runtime | version | passed |', '| --- | --- | --- |', ...lines].join('\n');
}

const BEGIN = '<!-- runtimes:begin -->';
const END = '<!-- runtimes:end -->';

/**
 * Puts a table between the two markers of a text, in place of what is there.
 *
 * @throws Error where the text has no markers
 */
export function withTable(text: string, table: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) {
    throw new Error(`There are no markers ${BEGIN} and ${END}.`);
  }
  return `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`;
}
