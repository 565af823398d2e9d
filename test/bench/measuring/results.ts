/*
 * What a benchmark has to say, as data: the same for the JSON file, the tables and the charts.
 */

/** Reads `key` of `values` in each row. */
export interface Column {
  readonly key: string;
  readonly heading: string;
  readonly digits: number;
}

export interface Row {
  readonly name: string;
  /** `null`: it does not apply, or cannot be had. */
  readonly values: Readonly<Record<string, number | string | null>>;
}

export interface Table {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** What the reader must know to read it right. */
  readonly remarks?: readonly string[];
  /** The column that is drawn, where there is a chart of it. */
  readonly chart?: Chart;
}

export interface Chart {
  readonly column: string;
  readonly title: string;
}

/** What a machine, and what was compared on it: results of another one are not to be put beside these. */
export interface Environment {
  readonly node: string;
  readonly v8: string;
  readonly openssl: string;
  readonly platform: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryGiB: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** What one run of one section has found. */
export interface SectionResult {
  readonly name: string;
  readonly scale: ScaleName;
  readonly date: string;
  /** How many processes were busy in the minute before: what is more than none has disturbed the measurement. */
  readonly load: number;
  readonly seconds: number;
  readonly tables: readonly Table[];
}

export interface Results {
  readonly environment: Environment;
  readonly sections: readonly SectionResult[];
}

/** How much time a run takes: all it needs, a few seconds for each section, or only enough to show that it works. */
export type ScaleName = 'full' | 'quick' | 'tiny';

/** A value of a table; `undefined` where it was not measured. */
export function lookUp({ sections }: Results, { table: id, row, column }: Place): number | undefined {
  const tables = sections.flatMap((section) => section.tables);
  const found = tables.find((table) => table.id === id)?.rows.find(({ name }) => name === row);
  return numberIn(found, column);
}

/** A value of a row that is a number. */
export function numberIn(row: Row | undefined, column: string): number | undefined {
  const value = row?.values[column];
  return typeof value === 'number' ? value : undefined;
}

export interface Place {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}
