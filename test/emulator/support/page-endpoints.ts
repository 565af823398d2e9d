/*
 * What the page asks its server, as it does.
 */
import { expect } from 'vitest';
import { AUDIENCE, SENDER, server } from './google.ts';

export const GOOD_INPUT = {
  sender: 'pubSub',
  url: 'http://127.0.0.1:3000/push?a=1',
  audience: AUDIENCE,
  email: SENDER,
};

export interface Minted {
  readonly token: string;
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly request: { method: string; url: string; headers: Record<string, string>; body?: string };
  readonly curl: string;
}

interface Explained {
  readonly accepted: boolean;
  readonly checks: readonly { step: string; result: string; code?: string; hint?: string }[];
  readonly refusal?: { status: number; code: string; message: string };
}

export function mint(input: object, url?: string): Promise<Minted> {
  return postJson('/page/mint', { ...GOOD_INPUT, ...input }, url);
}

export function explain(input: object, url?: string): Promise<Explained> {
  return postJson('/page/explain', input, url);
}

async function postJson<Answer>(path: string, input: object, url: string = server.url): Promise<Answer> {
  const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(input) });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return (await answer.json()) as Answer;
}
