import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Jwks } from './run-vector.ts';

/** A row of Wycheproof, its label read for a verifier that takes RS256 and nothing else. */
export interface WycheproofVector {
  readonly file: string;
  /** Unique in its file. */
  readonly tcId: number;
  readonly group: string;
  readonly comment: string;
  readonly jws: string;
  readonly jwks: Jwks;
  readonly result: 'valid' | 'invalid';
  /** The label for a verifier that takes every algorithm, where there is another one. */
  readonly originalResult?: 'valid' | 'invalid';
}

export interface Wycheproof {
  readonly source: string;
  readonly tests: readonly WycheproofVector[];
}

/** Beside the repository, since the file is nobody's source. */
const FILE = new URL('../../../../shared/vectors/wycheproof-rs256.json', import.meta.url);

/**
 * Labels that contradict each other: 367 and 370 are called badly padded and are, byte for byte, the good 357; 372 and
 * 373 have a question mark in base64url and are called good.
 */
const CONTRADICTORY = [367, 370, 372, 373];

/** `undefined` where the file is not there. */
export function readWycheproof(): Wycheproof | undefined {
  return existsSync(FILE) ? JSON.parse(readFileSync(fileURLToPath(FILE), 'utf8')) : undefined;
}

export function isLeftOut({ file, tcId }: WycheproofVector): boolean {
  return file === 'json_web_signature_test.json' && CONTRADICTORY.includes(tcId);
}

export function nameOf({ file, tcId, group, comment }: WycheproofVector): string {
  return `${file.replace('_test.json', '')} ${tcId} (${group}): ${comment}`;
}
