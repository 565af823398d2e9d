import type { KeySetSnapshot } from '@id-token-guard/core';
import { type Check, expectEqual, outcome } from './check.ts';
import { FRESH_SECONDS, type Kit } from './kit.ts';

/** From 80 % of the lifetime, 5 % more or less: after that share a refresh is due. */
const DUE_SECONDS = 0.9 * FRESH_SECONDS;

async function fetchesOnceForAll({ google, startService }: Kit): Promise<void> {
  const service = startService();
  google.answerWith(async () => {
    await new Promise((resolve) => setTimeout(resolve)); // All 50 have asked by then.
    return Response.json(google.jwks);
  });
  const token = await service.token();
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(service.verify(token))));
  expectEqual([new Set(outcomes).size, outcomes[0], service.fetches], [1, 'accepted', 1]);
}

async function followsARotation({ google, startService }: Kit): Promise<void> {
  const service = startService();
  const old = await service.token();
  expectEqual(await outcome(service.verify(old)), 'accepted');
  await google.rotateKeys();
  const outcomes = [await outcome(service.verify(await service.token())), await outcome(service.verify(old))];
  expectEqual([outcomes, service.fetches], [['accepted', 'accepted'], 2]);
}

async function refreshesAhead({ google, letPass, startService }: Kit): Promise<void> {
  const service = startService();
  await service.verify(await service.token());
  letPass(DUE_SECONDS);
  let answer: (response: Response) => void = () => {};
  google.answerWith(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );

  // Google does not answer yet, and nobody waits for it.
  expectEqual(await outcome(service.verify(await service.token())), 'accepted');
  expectEqual(service.fetches, 2);
  answer(Response.json(google.jwks));
  await service.backgroundWork();

  expectEqual(service.verifier.keys.status().ageSeconds, 0);
}

async function remembersTokens({ letPass, startService }: Kit): Promise<void> {
  const service = startService();
  const token = await service.token();
  await service.verify(token);
  expectEqual(service.wasRemembered, false);
  await service.verify(token);
  expectEqual(service.wasRemembered, true);
  letPass(3600 + 30);
  expectEqual(await outcome(service.verify(token)), 'token_expired');
}

async function forgetsTokensOfARemovedKey({ google, startService }: Kit): Promise<void> {
  const service = startService();
  const token = await service.token();
  await service.verify(token);
  await google.rotateKeys({ withdrawOld: true });
  expectEqual(await outcome(service.verify(await service.token())), 'accepted');
  expectEqual(await outcome(service.verify(token)), 'key_unknown');
}

async function startsFromASnapshot({ startService }: Kit): Promise<void> {
  const first = startService();
  await first.verifier.keys.preload();
  const snapshot: KeySetSnapshot = JSON.parse(JSON.stringify(first.verifier.keys.snapshot()));
  const second = startService({ snapshot });
  expectEqual([await outcome(second.verify(await second.token())), second.fetches], ['accepted', 0]);
}

async function startsFromAStore({ startService }: Kit): Promise<void> {
  const texts = new Map<string, string>();
  const store = {
    get: async (name: string) => texts.get(name),
    set: async (name: string, text: string) => void texts.set(name, text),
  };
  const first = startService({ store });
  await first.verify(await first.token());
  await first.backgroundWork();
  const second = startService({ store });
  expectEqual([await outcome(second.verify(await second.token())), second.fetches], ['accepted', 0]);
}

async function bearsAKeyThatItCannotUse({ google, startService }: Kit): Promise<void> {
  const service = startService();
  // 8192 bits: some crypto libraries take them, some import them and fail later, and some take half as many at most.
  const large = { kty: 'RSA', kid: 'large', n: `gAAA${'A'.repeat(1360)}AQ`, e: 'AQAB' };
  google.answerWith(() => Response.json({ keys: [large, ...google.jwks.keys] }));
  const forged = await outcome(service.verify(await service.token({}, { kid: 'large' })));
  expectEqual(forged === 'signature_invalid' || forged === 'key_unknown', true);
  expectEqual(await outcome(service.verify(await service.token())), 'accepted');
}

export const keyChecks: readonly Check[] = [
  { name: 'bears a key that it cannot use', run: bearsAKeyThatItCannotUse },
  { name: 'fetches the keys once for 50 requests at once on a cold start', run: fetchesOnceForAll },
  { name: 'follows a rotation: the new key at once, the old one as long as it is published', run: followsARotation },
  { name: 'refreshes ahead in the background of a request', run: refreshesAhead },
  { name: 'remembers a verified token, but not beyond its expiry', run: remembersTokens },
  { name: 'forgets the verified tokens of a key that Google removed', run: forgetsTokensOfARemovedKey },
  { name: 'starts from a snapshot without a fetch', run: startsFromASnapshot },
  { name: 'starts from a store without a fetch', run: startsFromAStore },
];
