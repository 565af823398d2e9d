/*
 * One fake Google per test file, that listens on a free port of this machine.
 */
import { anyCaller, createGoogleIdTokenVerifier, createGoogleKeySet, type GoogleIdToken } from '@id-token-guard/core';
import { listen } from '@id-token-guard/emulator';
import { createFakeGoogle } from '@id-token-guard/testing';
import { afterAll } from 'vitest';

export const AUDIENCE = 'https://api.example.com';
export const VM_ACCOUNT = 'vm@my-project.iam.gserviceaccount.com';
export const SENDER = 'sender@my-project.iam.gserviceaccount.com';

export const google = await createFakeGoogle();
export const server = await listen(google, { port: 0, defaultServiceAccount: VM_ACCOUNT });

afterAll(() => server.close());

/** Verifies a token as a service does that gets its keys over HTTP. */
export function verify(token: string, audience = AUDIENCE): Promise<GoogleIdToken> {
  return createGoogleIdTokenVerifier({
    audience,
    callers: anyCaller,
    keys: createGoogleKeySet({ url: server.jwksUrl }),
  }).verify(token);
}

/** Posts JSON, or text as it is. */
export function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${server.url}${path}`, { method: 'POST', body: text, headers });
}
