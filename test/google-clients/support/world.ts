/*
 * A guarded service, and the Google that it trusts. Clients get tokens from the one and call the other.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { listen } from '@id-token-guard/emulator';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import { createFakeGoogle } from '@id-token-guard/testing';
import express from 'express';
import { afterAll } from 'vitest';

export const AUDIENCE = 'https://api.example.com';
/** The account of the virtual machine. */
export const VM = 'vm@my-project.iam.gserviceaccount.com';
/** An account that is impersonated, or whose key somebody has. */
export const ROBOT = 'robot@my-project.iam.gserviceaccount.com';

const google = await createFakeGoogle();
export const server = await listen(google, { port: 0, defaultServiceAccount: VM });

const service = express()
  .use(
    requireGoogleIdToken({
      audience: AUDIENCE,
      callers: serviceAccount(VM, ROBOT),
      keys: createGoogleKeySet({ url: server.jwksUrl }),
    }),
  )
  .get('/', (req, res) => {
    const { caller, claims } = googleIdToken(req);
    res.json({ caller, instance: claims.google?.compute_engine?.instance_name });
  })
  .listen(0, '127.0.0.1');
await new Promise((resolve) => service.once('listening', resolve));

/** The service: it lets both accounts in, and answers with what it knows of the caller. */
export const serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;

/** A home without credentials: libraries look for them first. */
export const home: string = await mkdtemp(join(tmpdir(), 'id-token-guard-'));

/** The key file of the robot, as Google gives it out. */
export const keyFile: string = join(home, 'key.json');
await writeFile(keyFile, JSON.stringify(await server.serviceAccountKey(ROBOT)));

afterAll(async () => {
  service.close();
  await server.close();
  await rm(home, { recursive: true });
});

/** What the service answers to the virtual machine. */
export const HELLO_VM = {
  caller: { kind: 'service_account', email: VM, projectId: 'my-project' },
  instance: 'fake-instance',
};

/** What the service answers to the robot. */
export const HELLO_ROBOT = { caller: { kind: 'service_account', email: ROBOT, projectId: 'my-project' } };
