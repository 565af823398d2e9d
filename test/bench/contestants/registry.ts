import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

/** Who takes part, by the name that the tables show. */
export interface Entry {
  readonly name: string;
  /** The file in this folder. */
  readonly file: string;
  /** Another set-up of a package that takes part anyway; left out where one of each is enough. */
  readonly variant?: true;
  /** Verified tokens are remembered. */
  readonly cached?: true;
}

export const OURS = 'id-token-guard';

export const entries: readonly Entry[] = [
  { name: OURS, file: 'id-token-guard', cached: true },
  { name: 'google-auth-library', file: 'google-auth-library' },
  { name: 'jose', file: 'jose' },
  { name: 'jose, given keys', file: 'jose-local', variant: true },
  { name: 'aws-jwt-verify', file: 'aws-jwt-verify' },
  { name: 'aws-jwt-verify, given keys', file: 'aws-jwt-verify-sync', variant: true },
  { name: 'fast-jwt + get-jwks', file: 'fast-jwt-get-jwks' },
  { name: 'fast-jwt + get-jwks, cached', file: 'fast-jwt-get-jwks-cached', variant: true, cached: true },
  { name: 'fast-jwt, one static key', file: 'fast-jwt', variant: true },
  { name: 'fast-jwt, one static key, cached', file: 'fast-jwt-cached', variant: true, cached: true },
  { name: 'express-jwt + jwks-rsa', file: 'express-jwt' },
  { name: 'express-oauth2-jwt-bearer', file: 'express-oauth2-jwt-bearer' },
  { name: 'koa-jwt + jwks-rsa', file: 'koa-jwt' },
  { name: 'hono/jwt, given keys', file: 'hono' },
];

export const BEFORE = 'id-token-guard, before (815bac2)';

/** One of each, and core as it was, where that could be built. */
export function withBefore(): readonly Entry[] {
  const single = entries.filter(({ variant }) => variant !== true);
  return isInstalled('id-token-guard-before')
    ? single.toSpliced(1, 0, { name: BEFORE, file: 'id-token-guard-before', cached: true })
    : single;
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Loads a contestant, and nothing of the others. */
export async function enter({ file }: Entry, trust: Trust): Promise<Verify> {
  const contestant: { enter(trust: Trust): Verify } = await import(new URL(`./${file}.ts`, import.meta.url).href);
  return contestant.enter(trust);
}
