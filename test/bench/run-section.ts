/*
 * One section in a process of its own, in the folder where the packages are installed. It tells how far it is, and in the
 * end what it has measured.
 */
import { createWorld } from './google/world.ts';
import type { ScaleName, Table } from './measuring/results.ts';
import { loadSection, type SectionName } from './sections/sections.ts';

/** What it tells. */
export type Report = { readonly share: number } | { readonly tables: readonly Table[] };

const [name, scale] = process.argv.slice(2) as [SectionName, ScaleName];
const section = await loadSection(name);
const world = await createWorld();
const tables = await section.run({ scale, world, onProgress: (share) => report({ share }) });
world.close();
report({ tables });
process.disconnect?.();

function report(message: Report): void {
  process.send?.(message);
}
