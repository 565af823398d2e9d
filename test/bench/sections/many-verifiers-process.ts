/*
 * Many verifiers in a process of their own, as one for each tenant.
 */
import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import type { Trust } from '../google/world.ts';
import { answerQuestions, isProgram, startChild } from '../measuring/child.ts';
import { memoryInUse } from '../measuring/memory-in-use.ts';

export interface ManyVerifiers {
  readonly count: number;
  /** Each accepts this one; left out: none is used. */
  readonly token?: string;
  readonly trust: Trust;
}

/** What all of them take. */
export interface Taken {
  /** In milliseconds of processor time, to make them. */
  readonly cpu: number;
  /** In bytes. */
  readonly used: number;
}

export async function makeMany(question: ManyVerifiers): Promise<Taken> {
  const child = startChild(import.meta.url, [], ['--expose-gc']);
  const taken = await child.ask<Taken>(question);
  child.end();
  return taken;
}

if (isProgram(import.meta.url)) {
  answerQuestions(async ({ count, token, trust: { jwksUrl, audience } }: ManyVerifiers): Promise<Taken> => {
    const keys = createGoogleKeySet({ url: jwksUrl });
    const create = (tenant: number) =>
      createGoogleIdTokenVerifier({
        audience: token === undefined ? `https://tenant-${tenant}.example.com` : audience,
        callers: serviceAccount('push-sender@my-project.iam.gserviceaccount.com'),
        keys,
      });
    // The code and the keys are there in any case.
    await (token === undefined ? keys.preload() : create(0).verify(token));
    const [before, startedAt] = [await memoryInUse(), process.cpuUsage()];

    const verifiers = Array.from({ length: count }, (_, tenant) => create(tenant));
    const { user, system } = process.cpuUsage(startedAt);
    for (const verifier of token === undefined ? [] : verifiers) {
      await verifier.verify(token as string);
    }
    const after = await memoryInUse();

    // Until here, somebody needs them.
    return { cpu: (user + system) / 1000, used: verifiers.length > 0 ? after.used - before.used : 0 };
  });
}
