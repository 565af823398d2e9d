/*
 * A guard in this process, with a Google of its own: for what needs no process to be killed.
 */

import { type FakeGoogleServer, listen } from '@id-token-guard/emulator';
import { type GuardConfig, type GuardServer, startGuardServer } from '@id-token-guard/serve';
import { createFakeGoogle, type FakeGoogle } from '@id-token-guard/testing';
import { afterAll } from 'vitest';
import { AUDIENCE, SENDER } from './guard.ts';

export const google: FakeGoogle = await createFakeGoogle();

/** The claims of a caller that the guards here let in. */
export const claims = { aud: AUDIENCE, email: SENDER, email_verified: true };

/** The header line of a good request. */
export const good = `Authorization: Bearer ${await google.idToken(claims)}`;

/** Where its keys are. Google answers again with the next guard. */
const keyServer: FakeGoogleServer = await listen(google, { port: 0 });
export const keysUrl: string = keyServer.jwksUrl;

export interface GuardHere extends GuardServer {
  readonly port: number;
  readonly managementPort: number;
}

const opened = new Map<string, Promise<GuardHere>>();

afterAll(async () => {
  await Promise.all([...opened.values()].map(async (guard) => (await guard).close()));
  await keyServer.close();
});

/** A guard on any free port, the same for all tests of a file that want the same. */
export function guardHere(config: GuardConfig = {}): Promise<GuardHere> {
  google.answerWith('ok');
  const name = JSON.stringify(config);
  const guard = opened.get(name) ?? startGuardHere(config);
  opened.set(name, guard);
  return guard;
}

/** A guard of one test's own, which closes it. */
export async function startGuardHere(config: GuardConfig = {}): Promise<GuardHere> {
  const server = await startGuardServer({ ...DEFAULTS, ...config });
  return Object.assign(server, {
    port: Number(new URL(server.url).port),
    managementPort: Number(new URL(server.managementUrl).port),
  });
}

/** What lets the sender in, and says nothing. */
export const DEFAULTS: GuardConfig = {
  port: 0,
  managementPort: 0,
  audience: AUDIENCE,
  serviceAccount: SENDER,
  keysUrl,
  log: 'none',
};
