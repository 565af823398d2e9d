import { createGoogleIdTokenVerifier, serviceAccount, urlsUnder } from '@id-token-guard/core';
import { readPubSubPush } from '@id-token-guard/senders';
import { type Check, expectEqual, outcome } from './check.ts';
import { AUDIENCE, type Kit, SENDER } from './kit.ts';

/** Audiences at or below `https://edge.example.com/push`, and others that only look so. */
const AUDIENCES: Readonly<Record<string, 'accepted' | 'audience_mismatch'>> = {
  'https://edge.example.com/push': 'accepted',
  'https://edge.example.com/push/': 'accepted',
  'https://edge.example.com/push/orders?key=1': 'accepted',
  'HTTPS://EDGE.EXAMPLE.COM:443/push': 'accepted',
  'https://edge.example.com/pushed': 'audience_mismatch',
  'https://edge.example.com/': 'audience_mismatch',
  'http://edge.example.com/push': 'audience_mismatch',
  'https://edge.example.com:8443/push': 'audience_mismatch',
  'https://edge.example.com.attacker.example/push': 'audience_mismatch',
  'https://edge.example.com@attacker.example/push': 'audience_mismatch',
  'https://edge.example.com/push/../admin': 'audience_mismatch',
  'https://edge.example.com/push/%2e%2e/admin': 'audience_mismatch',
  'https://edge.example.com\\@attacker.example/push': 'audience_mismatch',
  'https://edgé.example.com/push': 'audience_mismatch',
  'not a URL': 'audience_mismatch',
};

async function saysWhoIsCalling({ startService }: Kit): Promise<void> {
  const service = startService();
  const { caller } = await service.verify(await service.token());
  expectEqual(caller, {
    kind: 'service_account',
    uniqueId: SENDER.sub,
    email: SENDER.email,
    projectId: 'my-project',
  });
}

async function readsOnlyTheBearerToken({ startService }: Kit): Promise<void> {
  const service = startService();
  const token = await service.token();
  const headers = new Headers({ authorization: `bearer  ${token}` });
  expectEqual(await outcome(service.verifier.authenticate(headers)), 'accepted');
  headers.append('authorization', `Bearer ${token}`);
  expectEqual(await outcome(service.verifier.authenticate(headers)), 'request_invalid');
}

async function takesUrlsUnderAPath({ google, now }: Kit): Promise<void> {
  const verifier = createGoogleIdTokenVerifier({
    audience: urlsUnder('https://edge.example.com/push'),
    callers: serviceAccount(SENDER.email),
    keys: google.keySet(),
    now,
  });
  const outcomes: Record<string, string> = {};
  for (const aud of Object.keys(AUDIENCES)) {
    outcomes[aud] = await outcome(verifier.verify(await google.idToken({ ...SENDER, aud })));
  }
  expectEqual(outcomes, AUDIENCES);
}

async function readsAPubSubPush({ google }: Kit): Promise<void> {
  const { method, headers, body = '' } = await google.from.pubSub({ url: AUDIENCE, message: { data: 'Zoë' } });
  const message = await readPubSubPush(new Request(AUDIENCE, { method, headers, body }));
  expectEqual(message.data.text(), 'Zoë');
}

export const tokenChecks: readonly Check[] = [
  { name: 'accepts a good token and says who is calling', run: saysWhoIsCalling },
  { name: 'takes one Bearer token from Web headers and refuses two', run: readsOnlyTheBearerToken },
  { name: 'takes audiences at or below a path, and none that only looks so', run: takesUrlsUnderAPath },
  { name: 'reads the Pub/Sub message behind a token', run: readsAPubSubPush },
];
