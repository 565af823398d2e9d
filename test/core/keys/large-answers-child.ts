/*
 * Run by large-answers.test.ts in a process of its own, so that nothing but verification is measured:
 * `node --expose-gc large-answers-child.ts <key URL> <clock> <token> <warm-up requests> <fetch | node:https>`. The first answer of the
 * key URL is good, those to the warm-up are too large by little, all others by much.
 */
import { anyCaller, createGoogleIdTokenVerifier, createGoogleKeySet } from '@id-token-guard/core';

const [url = '', start = '', token = '', warmUpRequests = '', transport = ''] = process.argv.slice(2);
const { gc } = globalThis as { gc?: () => void };
const MEGABYTE = 1024 * 1024;

let milliseconds = Number(start);
const now = () => milliseconds;
const failures: string[] = [];
const keys = createGoogleKeySet({
  url,
  now,
  ...(transport === 'fetch' && { fetch }),
  onEvent(event) {
    if (event.type === 'keys_refresh_failed') {
      failures.push(event.error.message);
    }
  },
});
const verifier = createGoogleIdTokenVerifier({
  audience: 'https://api.example.com/push',
  callers: anyCaller,
  keys,
  now,
  tokenCacheSize: 0,
});

/** One request that causes a fetch: the keys are due, and the longest back-off has passed. */
async function verifyAndRefresh(): Promise<void> {
  milliseconds += 61_000;
  const background: Promise<unknown>[] = [];
  await verifier.verify(token, { waitUntil: (promise) => void background.push(promise) });
  await Promise.all(background);
}

/** Makes so many requests; returns the highest resident set size seen on the way. */
async function highestRss(requests: number): Promise<number> {
  let highest = 0;
  const look = () => {
    highest = Math.max(highest, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 1);
  for (let request = 0; request < requests; request += 1) {
    await verifyAndRefresh();
    look();
    gc?.();
  }
  clearInterval(timer);
  return highest;
}

function heapInUse(): number {
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

await keys.preload();
milliseconds += 3600_000;
await highestRss(Number(warmUpRequests));
const failedBefore = failures.length;
const before = { heap: heapInUse(), rss: process.memoryUsage.rss() };
const after = { rss: await highestRss(20), heap: heapInUse() };

console.log(
  JSON.stringify({
    failed: failures.length - failedBefore,
    messages: [...new Set(failures)],
    heapGrowth: (after.heap - before.heap) / MEGABYTE,
    rssGrowth: (after.rss - before.rss) / MEGABYTE,
  }),
);
