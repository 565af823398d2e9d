import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const start = fileURLToPath(new URL('../../examples/start.ts', import.meta.url));

test('npm start calls the service in eight ways, prints status, code and hint of each, and exits 0', async () => {
  // Rejects where the program exits with anything but 0.
  const { stdout } = await promisify(execFile)(process.execPath, [start], { env: { ...process.env, NO_COLOR: '1' } });

  const rows = stdout.split('\n').flatMap((line) => /(\d{3}) {5}(\w+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
  expect(rows).toStrictEqual([
    '401 token_missing',
    '200 accepted',
    '401 audience_mismatch',
    '401 token_expired',
    '401 signature_invalid',
    '403 caller_not_allowed',
    '200 accepted',
    '503 keys_unavailable',
  ]);
  expect(stdout).toContain('expected');
  expect(stdout).toContain('curl -i -H "Authorization: Bearer $TOKEN"');
});
