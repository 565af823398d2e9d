import type { World } from '../google/world.ts';
import type { ScaleName, Table } from '../measuring/results.ts';

/** A part of the benchmark. Each runs in a process of its own. */
export interface Section {
  readonly name: string;
  run(context: Context): Promise<Table[]>;
}

export interface Context {
  readonly scale: ScaleName;
  readonly world: World;
  /** Is told what share of the section is done. */
  onProgress(share: number): void;
}

/** A progress that is the part of another from one share to the other. */
export function part({ onProgress }: Context, from: number, to: number): (share: number) => void {
  return (share) => onProgress(from + (to - from) * share);
}
