import type { Column, Row, SectionResult, Table } from '../measuring/results.ts';

/** A table as Markdown that can be read as plain text too. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = headings.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => `| ${row.map((cell, column) => pad(cell, column)).join(' | ')} |`);
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');

  function pad(cell: string, column: number): string {
    const width = widths[column] ?? 0;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  }
}

export function tableText({ columns, rows, remarks = [] }: Table): string {
  const headings = ['', ...columns.map(({ heading }) => heading)];
  const cells = rows.map((row) => [row.name, ...columns.map((column) => valueText(row, column))]);
  return [markdownTable(headings, cells), ...remarks].join('\n\n');
}

function valueText({ values }: Row, { key, digits }: Column): string {
  const value = values[key];
  if (value === null || value === undefined) {
    return '–';
  }
  return typeof value === 'string'
    ? value
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** When and how a section was measured. */
export function circumstances({ scale, date, load, seconds }: SectionResult): string {
  const extent = scale === 'full' ? 'Measured' : `Measured only for a look (--${scale})`;
  return `${extent} on ${date} in ${Math.round(seconds)} s, with ${load.toFixed(1)} other processes busy.`;
}

/**
 * Puts a text between the two markers with that name, in place of what is there.
 *
 * @throws Error where the document has no such markers
 */
export function withPart(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) {
    throw new Error(`The document has no markers ${begin} and ${end}.`);
  }
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}
