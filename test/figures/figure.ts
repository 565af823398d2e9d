/** A row of the table. */
export interface Figure {
  /** The section of docs/figures.md that says what the figure proves, and what it does not. */
  readonly section: string;
  /** What it is the figure of, where its section has several. */
  readonly of?: string;
  readonly result: string;
  /** When it was measured, and on what. */
  readonly measured: string;
  readonly command: string;
}

/** For figures that are counted or computed whenever the table is written. */
export const NOW = 'with this table';

export function figuresTable(figures: readonly Figure[]): string {
  const lines = figures.map(
    ({ section, of, result, measured, command }) =>
      `| [${section}](#${anchorOf(section)})${of === undefined ? '' : `: ${of}`} | ${result} | ${measured} | \`${command}\` |`,
  );
  return ['| what | result | measured | command |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

export function whole(value: number): string {
  return value.toLocaleString('en');
}

function anchorOf(section: string): string {
  return section.toLowerCase().replaceAll(' ', '-');
}
