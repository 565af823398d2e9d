import type { Result } from './conformance/suite.ts';

/** What became of the suite in one runtime. */
export interface Row {
  readonly runtime: string;
  /** `undefined`: it is not installed here, so nothing is known. */
  readonly version: string | undefined;
  readonly results: readonly Result[];
}

/** What became of the adapters for servers of Node.js in one runtime; nothing where it is not installed. */
export interface ServerColumn {
  readonly runtime: string;
  readonly results: Readonly<Record<string, readonly Result[]>>;
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

/** How many checks of each adapter passed, with a column for each runtime. */
export function serverTable(columns: readonly ServerColumn[]): string {
  const adapters = [...new Set(columns.flatMap(({ results }) => Object.keys(results)))];
  const lines = adapters.map((adapter) => {
    const cells = columns.map(({ results }) => {
      const checks = results[adapter];
      return checks === undefined ? '–' : `${checks.filter(({ passed }) => passed).length}/${checks.length}`;
    });
    return `| ${[adapter, ...cells].join(' | ')} |`;
  });
  return [
    `| adapter | ${columns.map(({ runtime }) => runtime).join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...lines,
  ].join('\n');
}

/**
 * Puts a table between the two markers of a text that have its name, in place of what is there.
 *
 * @throws Error where the text has no such markers
 */
export function withTable(text: string, table: string, name = 'runtimes'): string {
  const { begin, end } = placeOf(name, text);
  return `${text.slice(0, begin)}\n${table}\n${text.slice(end)}`;
}

/**
 * What is between the two markers of a text that have a table's name.
 *
 * @throws Error where the text has no such markers
 */
export function tableIn(text: string, name = 'runtimes'): string {
  const { begin, end } = placeOf(name, text);
  return text.slice(begin, end).trim();
}

function placeOf(name: string, text: string): { readonly begin: number; readonly end: number } {
  const markers = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`] as const;
  const [begin, end] = [text.indexOf(markers[0]), text.indexOf(markers[1])];
  if (begin === -1 || end < begin) {
    throw new Error(`There are no markers ${markers.join(' and ')}.`);
  }
  return { begin: begin + markers[0].length, end };
}
