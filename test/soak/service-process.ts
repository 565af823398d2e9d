/*
 * Starts and stops a service in a process of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Outage } from './key-server.ts';
import type { FromService, ServicePlan } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('./service.ts', import.meta.url));
const MUST_START_WITHIN_MS = 60_000;
const MUST_STOP_WITHIN_MS = 15_000;

export interface ServiceProcess {
  readonly port: number;
  readonly agent: Agent;
  /** The heap after garbage collection, in bytes. */
  heapUsed(): Promise<number>;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<void>;
}

export interface ServiceListener {
  handled(id: string): void;
  stalled(stall: Outage): void;
  /** Something that must not happen, in words. */
  fault(text: string): void;
}

export async function startService(plan: ServicePlan, listener: ServiceListener): Promise<ServiceProcess> {
  const child = fork(PROGRAM, [JSON.stringify(plan)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let isStopping = false;
  // Nothing of a service writes to the console, but a framework that was given an error by the guard.
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (text: string) => listener.fault(`wrote to the console: ${text.trim()}`));
  }
  child.on('message', (message: FromService) => {
    if (message.type === 'handled') {
      listener.handled(message.id);
    } else if (message.type === 'stall') {
      listener.stalled(message);
    } else if (message.type === 'fault') {
      listener.fault(`${message.event}: ${message.text}`);
    }
  });
  child.on('exit', (code, signal) => {
    if (!isStopping || code !== 0) {
      listener.fault(`ended with ${signal ?? `code ${code}`}`);
    }
  });
  const { port } = await messageOf(child, 'ready');
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  return {
    port,
    agent,
    async heapUsed() {
      child.send('heap');
      return (await messageOf(child, 'heap')).bytes;
    },
    async stop() {
      isStopping = true;
      const ended = child.exitCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGTERM');
      const tooLate = setTimeout(() => {
        listener.fault('did not stop after SIGTERM');
        child.kill('SIGKILL');
      }, MUST_STOP_WITHIN_MS);
      await ended;
      clearTimeout(tooLate);
      agent.destroy();
    },
  };
}

type Message<Type> = Extract<FromService, { type: Type }>;

function messageOf<Type extends FromService['type']>(child: ChildProcess, type: Type): Promise<Message<Type>> {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => done(new Error(`A service did not say "${type}".`)), MUST_START_WITHIN_MS);
    const onMessage = (message: FromService) => message.type === type && done(message as Message<Type>);
    const onExit = () => done(new Error(`A service ended before it said "${type}".`));
    child.on('message', onMessage).once('exit', onExit);

    function done(result: Message<Type> | Error): void {
      clearTimeout(tooLate);
      child.off('message', onMessage).off('exit', onExit);
      if (result instanceof Error) {
        reject(result);
      } else {
        resolve(result);
      }
    }
  });
}
