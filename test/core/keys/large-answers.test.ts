import { describe, expect, test } from 'vitest';
import { runScript } from './child.ts';
import { type Answer, gzipBomb, inTurn, large } from './jwks-server.ts';
import { createScene, goodKeys, google } from './scene.ts';

/** Answers that are too large by little, to load code, connections and zlib before anything is measured. */
const WARM_UP_REQUESTS = 30;

const document = JSON.stringify(google.jwks);

describe.each(['node:https', 'fetch'])('memory, with keys over %s', (transport) => {
  test.each([
    { title: '100 MB', warmUp: large(document, 1 / 8), answer: large(document, 100) },
    { title: '1 GB, compressed to 1 MB', warmUp: gzipBomb(document, 1), answer: gzipBomb(document, 1024) },
  ])('does not grow by 10 MB over twenty answers of $title', async ({ title, warmUp, answer }) => {
    const { server, clock, token } = await createScene({
      answer: inTurn(goodKeys, ...Array<Answer>(WARM_UP_REQUESTS).fill(warmUp), answer),
    });
    const longLived = await token({ exp: clock.now() / 1000 + 12 * 3600 });

    const args = [server.url, `${clock.now()}`, longLived, `${WARM_UP_REQUESTS}`, transport];
    const output = await runScript('large-answers-child.ts', args, ['--expose-gc']);

    const { failed, messages, heapGrowth, rssGrowth } = JSON.parse(output);
    console.log(
      `20 answers of ${title} over ${transport}: heap ${heapGrowth.toFixed(2)} MB more, RSS at most ${rssGrowth.toFixed(2)} MB more`,
    );
    expect(failed).toBe(20);
    expect(messages).toEqual(['The answer of the key URL is larger than 64 KiB.']);
    expect(heapGrowth).toBeLessThan(10);
    expect(rssGrowth).toBeLessThan(10);
  });
});
