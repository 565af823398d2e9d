import type { World } from '../google/world.ts';
import type { Verify } from './contestant.ts';
import { type Entry, enter } from './registry.ts';

/** One who has been shown to do the work. */
export interface Contestant extends Entry {
  readonly verify: Verify;
}

/** Lets them in, each after it has been shown to do the work. One after the other: they may load the same module. */
export async function admit(entries: readonly Entry[], world: World): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  for (const entry of entries) {
    const verify = await enter(entry, world.trust);
    await prove(entry.name, verify, world);
    contestants.push({ ...entry, verify });
  }
  return contestants;
}

/**
 * Shows that a verifier does the work, before any time is taken: it accepts two good tokens, and refuses tokens that are
 * good but for one thing.
 *
 * @throws Error where it does not
 */
export async function prove(
  name: string,
  verify: Verify,
  world: World,
  flawed: Readonly<Record<string, string>> = flawedTokens(world),
): Promise<void> {
  for (const token of [world.mint(), world.mint()]) {
    await verify(token);
    await verify(token);
  }
  for (const [flaw, token] of Object.entries(flawed)) {
    if (await accepts(verify, token)) {
      throw new Error(`${name} accepts a token with ${flaw}: it does not do the work that is measured.`);
    }
  }
  await verify(world.mint());
}

export async function accepts(verify: Verify, token: string): Promise<boolean> {
  try {
    await verify(token);
    return true;
  } catch {
    return false;
  }
}

/** Tokens that every verifier of ID tokens must refuse. */
export function flawedTokens({ mint }: World): Record<string, string> {
  const past = Math.floor(Date.now() / 1000) - 3600;
  return {
    'another audience': mint({ aud: 'https://other.example.com' }),
    'another issuer': mint({ iss: 'https://issuer.example.com' }),
    'an end in the past': mint({ iat: past - 3600, exp: past }),
    'the signature of another': forge(mint(), mint()),
    'changed claims': changeClaims(mint()),
  };
}

/** The first token with the signature of the second. */
export function forge(token: string, other: string): string {
  return token.slice(0, token.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'));
}

function changeClaims(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, sub: '1' })).toString('base64url');
  return `${header}.${changed}.${signature}`;
}
