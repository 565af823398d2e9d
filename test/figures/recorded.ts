/*
 * The last results of runs that take long, kept as files, so that nobody has to wait for the table of docs/figures.md.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Summaries } from './summaries.ts';

/** When a run was, and what it ran on. */
export interface Origin {
  /** Such as 2026-01-31. */
  readonly date: string;
  readonly node: string;
}

const DIRECTORY = new URL('../../docs/figures/', import.meta.url);

/** Keeps a result in place of the one before, good or bad. */
export async function record<Name extends keyof Summaries>(
  name: Name,
  summary: Summaries[Name],
  directory: URL = DIRECTORY,
): Promise<void> {
  const origin: Origin = { date: new Date().toISOString().slice(0, 10), node: process.version };
  await writeFile(fileOf(name, directory), `${JSON.stringify({ ...origin, ...summary }, null, 2)}\n`);
}

/** `undefined` where nothing was recorded yet. */
export async function readRecorded<Name extends keyof Summaries>(
  name: Name,
  directory: URL = DIRECTORY,
): Promise<(Origin & Summaries[Name]) | undefined> {
  const file = fileOf(name, directory);
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined;
}

function fileOf(name: keyof Summaries, directory: URL): URL {
  return new URL(`${name}.json`, directory);
}
