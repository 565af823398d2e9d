/*
 * A Google whose clock stands still, so that what is printed is the same each time.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeGoogle } from '@id-token-guard/testing';
import { afterAll } from 'vitest';

export const AUDIENCE = 'https://api.example.com';
export const SENDER = 'sender@my-project.iam.gserviceaccount.com';

/** For `--at`: a minute after the tokens were made. */
export const AT = '2026-01-31T12:01:00Z';

export const google = await createFakeGoogle({ now: () => Date.parse('2026-01-31T12:00:00Z') });

const directory = await mkdtemp(join(tmpdir(), 'id-token-guard-'));

/** For `--keys`: a file with the keys of this Google. */
export const keyFile: string = await file('keys.json', JSON.stringify(google.jwks));

afterAll(() => rm(directory, { recursive: true }));

/** Writes a file that is gone after the tests. */
export async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

/** A good token of the sender, with other claims where given. */
export function goodToken(claims: Record<string, unknown> = {}): Promise<string> {
  return google.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true, ...claims });
}
