/*
 * `npm run bench:serve`: the guard under wrk, alone and behind servers in front, beside the same servers without a guard.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listen } from '@id-token-guard/emulator';
import { createFakeGoogle } from '@id-token-guard/testing';
import { withPart } from '../../bench/report/markdown.ts';
import { runCommand } from '../../commands/run-command.ts';
import { launchNginx } from '../support/front-servers.ts';
import { AUDIENCE, SENDER } from '../support/guard.ts';
import { freePort, isInstalled, listening, type Running, stopAll, temporaryDirectory } from '../support/processes.ts';
import { buildCli } from './built-cli.ts';
import { measureMemory, memoryTable } from './memory.ts';
import { markSentence, measureSetUps, setUpTable } from './set-ups.ts';

const HELP = `Measures "id-token-guard serve" with wrk. It needs nginx, caddy, haproxy and wrk, as Debian has them, and taskset.

  --seconds <n>    for each measurement (10)
  --requests <n>   for memory (1000000); 0: leave it out
  --out <folder>   also writes the section of <folder>/performance.md (docs)`;

interface Options {
  readonly seconds: number;
  readonly requests: number;
  readonly out: string | undefined;
}

await runCommand(HELP, readOptions, main);

function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '10' },
      requests: { type: 'string', default: '1000000' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [seconds, requests] = [Number(values.seconds), Number(values.requests)];
  if (!(seconds >= 1) || !(requests >= 0)) {
    throw new TypeError('--seconds and --requests must be numbers.');
  }
  return values.help ? 'help' : { seconds, requests, out: values.out };
}

async function main({ seconds, requests, out }: Options): Promise<void> {
  const missing = ['nginx', 'caddy', 'haproxy', 'wrk', 'taskset'].filter((command) => !isInstalled(command));
  if (missing.length > 0) {
    throw new Error(`Not installed: ${missing.join(', ')}.`);
  }
  const cli = await buildCli();
  const google = await createFakeGoogle();
  const keys = await listen(google, { port: 0 });
  const good = `Authorization: Bearer ${await google.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true })}`;
  try {
    const appPort = await freePort();
    await listening(startApp(appPort), appPort);
    const world = { main: cli.main, keysUrl: keys.jwksUrl, good, appPort, seconds };
    const busy = loadavg()[0] ?? 0;
    const date = new Date().toISOString().slice(0, 10);
    const setUps = await measureSetUps(world);
    const parts = [
      `Measured on ${date}, ${seconds} s each, with ${busy.toFixed(1)} other processes busy. The guard has one core, wrk the other; servers in front and the app take what is left of both.`,
      setUpTable(setUps),
      markSentence(setUps[0]),
      ...(requests === 0 ? [] : [memoryTable(await measureMemory(world, requests))]),
    ];
    const text = parts.join('\n\n');
    console.log(text);
    if (out !== undefined) {
      const page = resolve(out, 'performance.md');
      await writeFile(page, withPart(await readFile(page, 'utf8'), 'serve', text));
    }
  } finally {
    await stopAll();
    await Promise.all([keys.close(), cli.remove()]);
  }
}

/** The quickest that there is: what it takes is not the app's, but that of what stands before it. */
function startApp(port: number): Running {
  return launchNginx(
    `server { listen 127.0.0.1:${port}; keepalive_requests 1000000; location / { return 200 "ok"; } }`,
    temporaryDirectory(),
  );
}
