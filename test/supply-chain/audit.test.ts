/*
 * The audit against registries that know of something, of nothing, and that are none.
 */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ROOT, scriptOf } from './workspace.ts';

const [node, ...args] = scriptOf('audit').split(' ');

/** npx is alone with its cache: on a busy machine it waits for the other tests that start pnpm by it. */
const PATIENCE_MS = 120_000;

interface Audit {
  readonly code: number;
  readonly stdout: string;
  /** The names of the packages that the registry was asked about. */
  readonly asked: readonly string[];
}

async function audit(status: number, answer: string): Promise<Audit> {
  const asked: string[] = [];
  const registry = createServer(async (req, res) => {
    const body = await new Response(req as unknown as ReadableStream).text();
    asked.push(...Object.keys(JSON.parse(body)));
    res.writeHead(status, { 'content-type': 'application/json' }).end(answer);
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  const result = await auditWith(url);
  await new Promise<void>((resolve) => registry.close(() => resolve()));
  return { ...result, asked };
}

async function auditWith(registry: string): Promise<Omit<Audit, 'asked'>> {
  // Only pnpm reads this name: npx, which starts it, keeps its own registry.
  const env = { ...process.env, pnpm_config_registry: registry, pnpm_config_fetch_retries: '0' };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, env }, (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), stdout });
    });
  });
}

const JOSE = {
  id: 1,
  title: 'Anything verifies',
  severity: 'high',
  vulnerable_versions: '>=0',
  url: 'https://a.example',
};

test('npm run audit is this program', () => {
  expect(node).toBe('node');
  expect(args[0]).toBe('test/supply-chain/audit.ts');
  expect(fileURLToPath(new URL('./audit.ts', import.meta.url))).toContain(`${args[0]}`);
});

test('it asks about every runtime dependency, and passes where nothing is known', {
  timeout: PATIENCE_MS,
}, async () => {
  const { code, stdout, asked } = await audit(200, '{}');

  expect(asked).toEqual(expect.arrayContaining(['jose', 'lru-cache', 'tiny-lru']));
  expect(stdout).not.toContain('Nothing was checked');
  expect(code).toBe(0);
});

test('it fails where an advisory is known', { timeout: PATIENCE_MS }, async () => {
  const { code, stdout } = await audit(200, JSON.stringify({ jose: [JOSE] }));

  expect(stdout).toContain('Anything verifies');
  expect(code).toBe(1);
});

test('it says that nothing was checked where the registry serves no audits', { timeout: PATIENCE_MS }, async () => {
  const { code, stdout } = await audit(405, '');

  expect(stdout).toContain('Nothing was checked: the registry cannot be reached, or serves no audits.');
  expect(code).toBe(0);
});

test('it says that nothing was checked where there is no registry', { timeout: PATIENCE_MS }, async () => {
  // Port 9 is for a service that nobody runs.
  const { code, stdout } = await auditWith('http://127.0.0.1:9/');

  expect(stdout).toContain('Nothing was checked');
  expect(code).toBe(0);
});
