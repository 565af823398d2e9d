/*
 * A project as its owner has it, and Firebase's emulators for it, started as its owner starts them: without Java.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const FIREBASE = join(HERE, 'node_modules/firebase-tools/lib/bin/firebase.js');

/** Firebase takes projects of this kind for what they are: it asks nothing of Google for them. */
export const PROJECT = 'demo-project';

export interface Emulators {
  /** For `CLOUD_TASKS_EMULATOR_HOST`. */
  readonly tasksHost: string;
  stop(): Promise<void>;
}

/** Starts the emulators of functions and tasks: `firebase emulators:start --only functions,tasks`. */
export async function startEmulators(): Promise<Emulators> {
  const directory = await mkdtemp(join(tmpdir(), 'id-token-guard-firebase-'));
  await cp(join(HERE, 'functions'), join(directory, 'functions'), { recursive: true });
  await symlink(join(HERE, 'node_modules'), join(directory, 'functions/node_modules'));
  const ports = await freePorts(5);
  await writeFile(join(directory, 'firebase.json'), JSON.stringify(configuration(ports)));
  const emulators = spawn(
    process.execPath,
    [FIREBASE, 'emulators:start', '--only', 'functions,tasks', '--project', PROJECT],
    { cwd: directory, env: environmentOf(directory), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await untilReady(emulators);
  return {
    tasksHost: `127.0.0.1:${ports[0]}`,
    async stop() {
      const ended = once(emulators, 'exit');
      emulators.kill('SIGINT');
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

function configuration([tasks, functions, eventarc, hub, logging]: readonly number[]): object {
  const at = (port: number | undefined) => ({ host: '127.0.0.1', port });
  return {
    functions: [{ source: 'functions', codebase: 'default', runtime: 'nodejs24' }],
    emulators: {
      tasks: at(tasks),
      functions: at(functions),
      eventarc: at(eventarc),
      hub: at(hub),
      logging: at(logging),
      ui: { enabled: false },
    },
  };
}

/** No credentials, no questions, and a home of its own. */
function environmentOf(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, CI: '1', METADATA_SERVER_DETECTION: 'none' };
}

async function untilReady(emulators: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [emulators.stdout, emulators.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
        if (output.includes('All emulators ready')) {
          resolve();
        }
      });
    }
    emulators.once('error', reject);
    emulators.once('exit', (code) => reject(new Error(`The emulators end with ${code}:\n${output}`)));
  });
  if (!output.includes('Created queue with key')) {
    throw new Error(`There is no queue:\n${output}`);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
