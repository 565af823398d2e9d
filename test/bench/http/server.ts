/*
 * One app in a process of its own, which tells how much processor time it has used.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Trust } from '../google/world.ts';
import { answerQuestions, isProgram, startChild } from '../measuring/child.ts';
import { loadFramework } from './frameworks.ts';

export interface AppServer {
  readonly port: number;
  /** Of all threads, in microseconds since the start. */
  cpu(): Promise<number>;
  close(): void;
}

interface Start {
  readonly file: string;
  readonly guard: string;
  readonly trust: Trust;
}

type Question = Start | { readonly cpu: true };

export async function startAppServer(start: Start): Promise<AppServer> {
  const child = startChild(import.meta.url);
  return {
    port: await child.ask(start satisfies Question),
    cpu: () => child.ask({ cpu: true } satisfies Question),
    close: () => child.end(),
  };
}

if (isProgram(import.meta.url)) {
  answerQuestions((question: Question) => ('cpu' in question ? processorTime() : listen(question)));
}

async function listen({ file, guard, trust }: Start): Promise<number> {
  const framework = await loadFramework(file);
  const server = await framework.listen(guard, trust);
  if (!server.listening) {
    await once(server, 'listening');
  }
  return (server.address() as AddressInfo).port;
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
