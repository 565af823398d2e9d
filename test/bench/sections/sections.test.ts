/*
 * Every section in its smallest form: it has something to say of everybody, whatever the machine. No time is asserted.
 */
import { afterAll, expect, test } from 'vitest';
import { OURS } from '../contestants/registry.ts';
import { createWorld } from '../google/world.ts';
import { loadSection, type SectionName, sectionNames } from './sections.ts';

const world = await createWorld();
afterAll(() => world.close());

/** Starts a process for each app: proof.test.ts has the apps, without processes. */
const ELSEWHERE: SectionName = 'http';

test.each(sectionNames.filter((name) => name !== ELSEWHERE))('%s', async (name) => {
  const section = await loadSection(name);
  const shares: number[] = [];

  const tables = await section.run({ scale: 'tiny', world, onProgress: (share) => void shares.push(share) });

  expect(section.name).toBe(name);
  expect(tables.length).toBeGreaterThan(0);
  for (const { id, columns, rows } of tables) {
    expect(columns.length, id).toBeGreaterThan(0);
    expect(rows.length, id).toBeGreaterThan(1);
    for (const { key, heading } of columns) {
      for (const row of rows) {
        const value = row.values[key];
        expect(
          value === null || typeof value === 'string' || Number.isFinite(value),
          `${id}: ${row.name}, ${heading}`,
        ).toBe(true);
      }
      // There is nobody's value to compare with, where ours is missing.
      const ours = rows.find((row) => row.name === OURS);
      expect(ours?.values[key], `${id}: ${heading}`).not.toBeNull();
    }
  }
  expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
});
