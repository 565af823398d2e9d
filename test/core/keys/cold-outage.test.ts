import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { badAnswers } from './bad-answers.ts';
import { hang, reset, send, slowly } from './jwks-server.ts';
import { asOn, createScene, goodKeys, outcome, RUNTIMES, tally } from './scene.ts';

/** A URL of loopback where nobody listens. */
async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/certs`;
}

describe('without any keys yet, and a key URL that does not answer', () => {
  test('a request is told within six seconds to try later', async () => {
    const { token, verify } = await createScene({ answer: hang });
    const verification = verify(await token());

    const first = await Promise.race([outcome(verification), sleep(6000, 'no answer yet', { ref: false })]);

    expect(first).toBe('keys_unavailable');
    await expect(verification).rejects.toMatchObject({ status: 503, retryAfterSeconds: 2 });
  });

  test('a request is told to try later where nobody listens', async () => {
    const url = await closedUrl();
    const { keys, token, verify } = await createScene({ keySet: { url } });

    await expect(verify(await token())).rejects.toMatchObject({
      code: 'keys_unavailable',
      retryAfterSeconds: 2,
      hint: expect.stringContaining(url),
    });
    expect(keys.status()).toMatchObject({ state: 'empty', usable: false, keyIds: [] });
  });

  test.each(badAnswers.filter(({ endless }) => !endless))(
    'a request is told to try later at $title, and the next one after the back-off is accepted',
    async ({ answer, says }) => {
      const { server, clock, keys, token, verify } = await createScene({ answer });

      expect(await outcome(verify(await token()))).toBe('keys_unavailable');
      expect(keys.status().lastError?.message).toMatch(says);

      server.answerWith(goodKeys);
      clock.advance(keys.status().nextAttemptInSeconds ?? 0);
      expect(await outcome(verify(await token()))).toBe('accepted');
      expect(server.requests).toBe(2);
    },
  );

  test('`retryAfterSeconds` is when the next attempt may be made', async () => {
    const { server, clock, token, verify } = await createScene({ answer: send(503) });
    const error = await verify(await token()).catch((reason) => reason);
    server.answerWith(goodKeys);

    clock.advance(0.9);
    expect(await outcome(verify(await token()))).toBe('keys_unavailable');
    expect(server.requests).toBe(1);
    clock.advance(error.retryAfterSeconds - 0.9);
    expect(await outcome(verify(await token()))).toBe('accepted');
    expect(server.requests).toBe(2);
  });

  test('requests between two attempts are told the same without a fetch', async () => {
    const { server, token, verify } = await createScene({ answer: reset });
    const outcomes: string[] = [];
    for (let request = 0; request < 50; request += 1) {
      outcomes.push(await outcome(verify(await token())));
    }

    console.log(`50 requests one after the other, cold and unreachable: ${server.requests} fetch`);
    expect(new Set(outcomes)).toEqual(new Set(['keys_unavailable']));
    expect(server.requests).toBe(1);
  });

  test.each(RUNTIMES)('100 requests at once cost one fetch, on %s', async (runtime) => {
    const { server, verify, tokens } = await asOn(runtime, () => createScene({ answer: slowly(100, reset) }));

    const outcomes = await tally((await tokens(100)).map(verify));

    console.log(`${runtime}: 100 requests at once, cold and unreachable: ${server.requests} fetch`);
    expect(outcomes).toEqual({ keys_unavailable: 100 });
    expect(server.requests).toBe(1);
  });

  test('100 requests at once are all accepted after recovery and one back-off step', async () => {
    const { server, clock, keys, verify, tokens } = await createScene({ answer: reset });
    await tally((await tokens(100)).map(verify));
    server.answerWith(goodKeys);
    clock.advance(keys.status().nextAttemptInSeconds ?? 0);

    expect(await tally((await tokens(100)).map(verify))).toEqual({ accepted: 100 });
    expect(server.requests).toBe(2);
  });

  test('a token with nothing to hope for is refused as such where that can be told without keys', async () => {
    const { server, verify } = await createScene({ answer: reset });

    expect(await outcome(verify('not a token'))).toBe('token_malformed');
    expect(server.requests).toBe(0);
  });
});

describe('the timeout', () => {
  test.each([1.2345, 2.00001])('may be any fraction of a second: %d', async (timeoutSeconds) => {
    const { keys } = await createScene({ keySet: { timeoutSeconds } });

    await keys.preload();

    expect(keys.status().state).toBe('fresh');
  });

  test('is for the body, too', async () => {
    const { keys } = await createScene({
      keySet: { timeoutSeconds: 0.2 },
      answer(response) {
        response.writeHead(200);
        response.write('{"keys":[');
      },
    });

    await expect(keys.preload()).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(keys.status().lastError?.message).toBe('The key URL did not answer in time.');
  });

  test('holds for a fetch that does not listen to its signal', async () => {
    const { keys } = await createScene({
      keySet: { timeoutSeconds: 0.2, fetch: () => new Promise(() => {}) },
    });

    await expect(keys.preload()).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(keys.status().lastError?.message).toBe('The key URL did not answer in time.');
  });

  test('hangs up on the server', async () => {
    let hungUp: Promise<void> | undefined;
    const { keys } = await createScene({
      keySet: { timeoutSeconds: 0.2 },
      answer(response) {
        hungUp = new Promise((resolve) => response.once('close', resolve));
      },
    });

    await keys.preload().catch(() => {});

    await hungUp;
  });
});
