#!/usr/bin/env bash
# Vitest's fake timers move every clock but that of `AbortSignal.timeout()`.
#
# Expected: after `vi.useFakeTimers()` and ten seconds of fake time, a deadline of five seconds is over.
# Seen (vitest 5.1.2): `setTimeout`, `Date`, `performance.now()` and `process.hrtime()` are ten seconds on;
#   `AbortSignal.timeout(5000)` has not fired. It fires after five real seconds, whatever the fake clock says.
# Why it matters to a receiver of ID tokens: a test that lets a key server hang and moves the clock waits for a deadline that
#   does not come, and a test that stops the clock can meet one that does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund vitest@5.1.2 node@24.21.0 || exit 2

cat >timers.test.mjs <<'JS'
import { appendFileSync } from 'node:fs';
import { test, vi } from 'vitest';

test('ten seconds of fake time', async () => {
  vi.useFakeTimers();
  const before = { Date: Date.now(), 'performance.now()': performance.now(), 'process.hrtime()': process.hrtime()[0] * 1000 };
  const signal = AbortSignal.timeout(5000);
  let fired = false;
  setTimeout(() => { fired = true; }, 5000);
  await vi.advanceTimersByTimeAsync(10_000);
  const after = { Date: Date.now(), 'performance.now()': performance.now(), 'process.hrtime()': process.hrtime()[0] * 1000 };
  const lines = Object.keys(before).map((clock) => `${clock}: ${Math.round((after[clock] - before[clock]) / 1000)} s on`);
  appendFileSync('seen.txt', [...lines, `setTimeout of 5 s: ${fired ? 'fired' : 'waits'}`, `AbortSignal.timeout of 5 s: ${signal.aborted ? 'fired' : 'waits'}`, ''].join('\n'));
});
JS

node_modules/.bin/node node_modules/vitest/vitest.mjs run --root . >vitest.txt 2>&1 || { cat vitest.txt; exit 2; }
cat seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Date: 10 s on
performance.now(): 10 s on
process.hrtime(): 10 s on
setTimeout of 5 s: fired
AbortSignal.timeout of 5 s: waits
TEXT
