/*
 * Who probably sent a token: for each sender that the fake Google knows, and for what it does not make.
 */
import { likelySender } from '@id-token-guard/core/explain';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { SHARED_AUDIENCES } from './fixtures.ts';

const { from } = await createFakeGoogle();
const audience = 'https://api.example.com';
const url = 'https://api.example.com/push';

test.each([
  ['a virtual machine, standard', () => from.metadataServer({ audience }), /format=standard, as for API Gateway/],
  ['a virtual machine, full', () => from.metadataServer({ audience, format: 'full' }), /^a virtual machine/],
  ['impersonation without e-mail', () => from.impersonation({ audience }), /impersonation without includeEmail/],
  ['a key', () => from.serviceAccountKey({ audience }), /^a service account with its key/],
  ['gcloud', () => from.gcloudUser(), /^a person, through gcloud \(gcloud auth print-identity-token\)$/],
  ['Pub/Sub', () => from.pubSub({ url }), /Pub\/Sub/],
  ['Pub/Sub with an audience that is no URL', () => from.pubSub({ url, audience: 'x' }), /^a service account: imp/],
  ['somebody who signed in', () => from.signInWithGoogle(), /Sign in with Google/],
] as const)('%s', async (_, send, sender) => {
  expect(likelySender((await send()).claims)).toMatch(sender);
});

describe('an account of Google itself:', () => {
  test.each([
    ['service-1@gcp-sa-gsuiteaddons.iam.gserviceaccount.com', 'a Workspace add-on, or a Chat app that is one'],
    ['chat@system.gserviceaccount.com', 'Google Chat, for a standalone app'],
    ['service-1@gcp-sa-dialogflow.iam.gserviceaccount.com', 'a webhook or tool of Dialogflow CX'],
    ['service-1@gcp-sa-ces.iam.gserviceaccount.com', 'a tool of the Customer Engagement Suite'],
    ['service-1@gcp-sa-monitoring-notification.iam.gserviceaccount.com', 'an uptime check of Cloud Monitoring'],
    ['google-analytics-audience-export@system.gserviceaccount.com', 'a webhook of Google Analytics'],
    ['service-1@gcp-sa-ekms.iam.gserviceaccount.com', 'Cloud External Key Manager'],
    ['service-1@gcp-sa-pubsub.iam.gserviceaccount.com', "one of Google's own service agents"],
    ['other@system.gserviceaccount.com', "one of Google's own service agents"],
  ])('%s', async (serviceAccount, sender) => {
    const { claims } = await from.pubSub({ url, serviceAccount });

    expect(likelySender(claims)).toBe(sender);
  });
});

test.each(SHARED_AUDIENCES)('a person of those who all share an audience: %s', async (sharers, aud) => {
  const { claims } = await from.signInWithGoogle({ clientId: aud });

  expect(likelySender(claims)).toContain(`a person, through ${sharers}`);
});

test('a person who did not let the client have the e-mail', async () => {
  const { claims } = await from.signInWithGoogle({ claims: { email: undefined } });

  expect(likelySender(claims)).toBe('a person, through an OAuth client that did not ask for the scope email');
});

test.each([
  [{ iss: 'https://accounts.example.com', sub: '1' }, 'not Google Accounts: see the checks'],
  [{ iss: 'accounts.google.com', sub: '1', aud: ['x'], email: 'a@b.iam.gserviceaccount.com' }, 'a service account'],
  [{ iss: 'accounts.google.com', google: null }, 'a metadata server with format=standard'],
])('claims that anybody may have written: %o', (claims, sender) => {
  expect(likelySender(claims)).toMatch(new RegExp(`^${sender}`));
});
