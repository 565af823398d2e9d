import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const start = fileURLToPath(new URL('../../examples/start.ts', import.meta.url));

const ROWS = [
  '401 token_missing',
  '200 accepted',
  '401 audience_mismatch',
  '401 token_expired',
  '401 signature_invalid',
  '403 caller_not_allowed',
  '200 accepted',
  '503 keys_unavailable',
];

test('npm start calls the service in eight ways, prints status, code and hint of each, and exits 0', async () => {
  // Rejects where the program exits with anything but 0.
  const { stdout } = await run(process.execPath, [start], { env: { ...process.env, NO_COLOR: '1' } });

  expect(rowsIn(stdout)).toStrictEqual(ROWS);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    '"aud" is "https://other.example.com", expected "https://api.example.com"',
  );
  expect(stdout).toContain('To try by hand, run "npm start -- --keep"');
});

test("npm start asks no other Google: neither credentials nor proxies of the person's are used", async () => {
  const asked: string[] = [];
  const proxy = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    res.writeHead(502).end();
  }).on('connect', (req, socket) => {
    asked.push(`CONNECT ${req.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = {
    GOOGLE_APPLICATION_CREDENTIALS: '/no/such/key.json',
    GCE_METADATA_IP: '127.0.0.1:1',
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
  };

  const { stdout } = await run(process.execPath, [start], { env: { ...process.env, ...env, NO_COLOR: '1' } });

  expect(rowsIn(stdout)).toStrictEqual(ROWS);
  expect(asked).toEqual([]);
});

test('npm start -- --keep leaves both up, and the lines to try by hand work one after the other', async () => {
  const child = spawn(process.execPath, [start, '--keep'], { env: { ...process.env, NO_COLOR: '1' } });
  onTestFinished(() => void child.kill());
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.includes('Bearer $TOKEN')) {
      break;
    }
  }
  const byHand = lines.filter((line) => line.startsWith('  curl ') || line.startsWith('  TOKEN='));

  const { stdout } = await run('sh', ['-euc', byHand.join('\n')]);

  expect(byHand).toHaveLength(3);
  expect(rowsIn(lines.join('\n'))).toStrictEqual(ROWS);
  const answers = stdout.split(/(?=HTTP\/1\.1 )/);
  expect(answers).toHaveLength(2);
  expect(answers[0]).toMatch(/^HTTP\/1\.1 401 [\s\S]*"code":"token_missing"/);
  expect(answers[1]).toMatch(/^HTTP\/1\.1 200 [\s\S]*"email":"sender@my-project\.iam\.gserviceaccount\.com"/);
  child.kill('SIGINT');
  await once(child, 'exit');
});

function rowsIn(stdout: string): string[] {
  return stdout.split('\n').flatMap((line) => /(\d{3}) {5}(\w+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
}
