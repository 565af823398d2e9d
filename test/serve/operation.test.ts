/*
 * The program as it is run: start, reload, stop, logs.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { exchange, requestText } from '../adapters/support/raw-http.ts';
import { startApp } from './support/app.ts';
import { AUDIENCE, type GuardProcess, SENDER, startGuard, startServe } from './support/guard.ts';
import { outputWith, temporaryDirectory } from './support/processes.ts';
import { good, google, keysUrl } from './support/world.ts';

const file = join(temporaryDirectory(), 'serve.json');
const config = { audience: AUDIENCE, serviceAccount: SENDER, keysUrl, port: 0, metrics: true };

describe('SIGHUP', () => {
  test('reads the file again; a wrong one changes nothing, and is said', async () => {
    writeFileSync(file, JSON.stringify(config));
    const guard = await startServe(['--config', file]);
    expect(await statusOf(guard)).toBe(200);

    for (const [text, says] of [
      ['{', 'The file is not JSON.'],
      [JSON.stringify({ ...config, audience: '*' }), '"audience" has no wildcards'],
      [JSON.stringify({ ...config, audiense: 'b' }), '"audiense" is not known'],
      [JSON.stringify({ ...config, serviceAccount: undefined }), '"serviceAccount" is missing'],
      [JSON.stringify({ ...config, port: 1 }), '"port" cannot change while the guard runs: restart it.'],
      [JSON.stringify({ ...config, metrics: false }), '"metrics" cannot change while the guard runs'],
      [JSON.stringify({ ...config, upstream: 'http://127.0.0.1:1' }), '"upstream" cannot come or go'],
    ] as const) {
      writeFileSync(file, text);
      guard.process.kill('SIGHUP');
      await outputWith(
        guard,
        new RegExp(`^id-token-guard: .*${escaped(says)}.* The configuration until now stays in use\\.$`, 'm'),
      );
      await outputWith(guard, new RegExp(`"error":"[^\n]*${escaped(JSON.stringify(says).slice(1, -1))}`));
      expect(await statusOf(guard)).toBe(200);
    }

    writeFileSync(file, JSON.stringify({ ...config, audience: 'another', serviceAccount: undefined, anyCaller: true }));
    guard.process.kill('SIGHUP');
    await outputWith(guard, /"msg":"configuration reloaded"/);
    expect(await statusOf(guard)).toBe(401);
    const metrics = await (await fetch(`${guard.url}/metrics`)).text();
    expect(metrics).toMatch(/^id_token_guard_reloads_total\{result="failed"\} 7$/m);
    expect(metrics).toMatch(/^id_token_guard_reloads_total\{result="succeeded"\} 1$/m);
    // The keys were at hand all the time.
    expect(metrics).toMatch(/^id_token_guard_key_refreshes_total\{result="google"\} 1$/m);
    expect(await guard.stop()).toBe(0);
  });

  test('does not make flags of less weight', async () => {
    writeFileSync(file, JSON.stringify({ ...config, audience: 'another' }));
    const guard = await startServe(['--config', file, '--audience', AUDIENCE]);
    guard.process.kill('SIGHUP');
    await outputWith(guard, /"msg":"configuration reloaded"/);

    expect(await statusOf(guard)).toBe(200);
    expect(await guard.stop()).toBe(0);
  });
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('ends it once what is under way is answered', async () => {
    const app = await startApp();
    let answer: (() => void) | undefined;
    app.answerWith((_, res) => {
      answer = () => res.end('late');
    });
    const guard = await startGuard(keysUrl, ['--upstream', app.url]);
    const idle = connect(guard.port, '127.0.0.1');
    idle.write(`GET /none HTTP/1.1\r\nHost: a\r\n\r\n`);
    await once(idle, 'data');
    const busy = connect(guard.port, '127.0.0.1');
    busy.write(`GET / HTTP/1.1\r\nHost: a\r\n${good}\r\n\r\n`);
    await expect.poll(() => answer).toBeDefined();

    const stopped = guard.stop(signal);
    await outputWith(guard, /"msg":"closing"/);
    await expect.poll(() => text(connect(guard.port, '127.0.0.1')).catch((error) => error.code)).toBe('ECONNREFUSED');
    answer?.();
    expect(await text(busy)).toMatch(/^HTTP\/1\.1 200 [\s\S]*late/);
    expect(await stopped).toBe(0);
    expect(guard.output).toMatch(/"msg":"closed"\}\n$/);
    app.close();
  });
});

describe('the log', () => {
  test('is a line of JSON for each refusal, with the reason and without the token', async () => {
    const guard = await startGuard(keysUrl);
    const token = await google.idToken({ aud: 'https://other.example.com' });
    await exchange(guard.port, requestText('GET /auth HTTP/1.1', [`Authorization: Bearer ${token}`]));
    const [line] = await outputWith(guard, /^.*"msg":"refused".*$/m);

    expect(JSON.parse(line)).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      code: 'audience_mismatch',
      claim: 'aud',
      hint: expect.stringContaining('"https://other.example.com"'),
      kid: expect.stringMatching(/^[0-9a-f]{40}$/),
      msg: 'refused',
    });
    expect(guard.output).not.toContain(token.slice(0, 20));
    await guard.stop();
  });

  test('is for people with --log text, and steers no terminal', async () => {
    const guard = await startText();
    const token = await google.idToken({ aud: '\u001b[31mred' });
    await exchange(guard.port, requestText('GET /auth HTTP/1.1', [`Authorization: Bearer ${token}`]));
    const [line] = await outputWith(guard, /^.* refused .*$/m);

    expect(line).toMatch(/^\d{4}-\S+Z warn refused code="audience_mismatch" claim="aud" hint="/);
    expect(guard.output).not.toContain('\u001b');
    await guard.stop();
  });

  async function startText(): Promise<GuardProcess> {
    const { start } = await import('./support/processes.ts');
    const main = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname;
    const args = ['--audience', AUDIENCE, '--any-caller', '--keys-url', keysUrl, '--port', '0', '--log', 'text'];
    const guard = start(process.execPath, [main, 'serve', ...args]);
    const [, port] = await outputWith(guard, /listening url="http:\/\/127\.0\.0\.1:(\d+)"/);
    return Object.assign(guard, { url: '', port: Number(port), managementUrl: '', managementPort: 0 });
  }

  test('nobody needs to read it', async () => {
    const guard = await startGuard(keysUrl);
    guard.process.stdout?.destroy();
    for (let i = 0; i < 50; i++) {
      await exchange(guard.port, requestText('GET /auth HTTP/1.1', []));
    }

    expect(await statusOf(guard)).toBe(200);
    expect(await guard.stop()).toBe(0);
  });
});

afterAll(() => google.answerWith('ok'));

async function statusOf(guard: GuardProcess): Promise<number> {
  return (await exchange(guard.port, requestText('GET /auth HTTP/1.1', [good]))).status;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
