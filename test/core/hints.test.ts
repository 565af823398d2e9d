/*
 * A hint is a sentence for the operator's log: what came, what was expected, and the fix. These are the mistakes that
 * people really make, each with the credential that they send.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdTokenErrorCode,
  serviceAccount,
  urlsUnder,
  user,
  workspaceDomain,
} from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, createVerifier, google, idToken, SENDER, SHARED_AUDIENCES } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';

const NOW = Math.floor(Date.now() / 1000);

/** The keys of Firebase, of a service account, of agents: anybody's but Google's for ID tokens. */
const somebody = await createFakeGoogle();

type Mistake = [title: string, code: GoogleIdTokenErrorCode, credential: () => Promise<string>, fix: string];

describe('a credential of another kind:', () => {
  const ACCESS_TOKEN_FIX = 'configure an OIDC token, not an OAuth token';
  const IAP = { iss: 'https://cloud.google.com/iap', aud: '/projects/1/global/backendServices/2' };
  const AGENT = {
    iss: 'https://sts.googleapis.com/v1/organizations/1/locations/global/workloadIdentityPools/agents',
    sub: 'spiffe://agents.global.org-1.system.id.goog/resources/aiplatform/projects/1',
    aud: [AUDIENCE],
  };
  const SELF_SIGNED = { iss: SENDER.email, sub: SENDER.email };
  const FIREBASE = { iss: 'https://securetoken.google.com/my-project', aud: 'my-project' };

  test.each<Mistake>([
    ['an access token of a user', 'token_malformed', async () => 'ya29.a0AfH6SMBx-1_2', ACCESS_TOKEN_FIX],
    ['an access token of a service account', 'token_malformed', async () => 'ya29.c.c0ASRK0Gb-1_2', ACCESS_TOKEN_FIX],
    ['an access token with dots behind', 'token_malformed', async () => 'ya29.c.b0AXv0zTP......', ACCESS_TOKEN_FIX],
    ['an access token with three clean parts', 'token_malformed', async () => 'ya29.AAAA.AAAA', ACCESS_TOKEN_FIX],
    ['an access token from gcloud', 'token_malformed', async () => 'ya29.a0AfH6SMBx-1_2', 'print-identity-token'],
    ['an encrypted token', 'token_malformed', async () => 'a.b.c.d.e', 'it is encrypted (JWE)'],
    ['an API key', 'token_malformed', async () => 'my-api-key', 'another kind of credential'],
    ['a Firebase token', 'key_unknown', () => foreign(FIREBASE), 'this is a Firebase token'],
    ['a Firebase token with a key of Google', 'issuer_mismatch', () => idToken(FIREBASE), 'this is a Firebase token'],
    [
      'a Firebase session cookie',
      'key_unknown',
      () => foreign({ ...FIREBASE, iss: 'https://session.firebase.google.com/my-project' }),
      'Verify it with Firebase',
    ],
    [
      'an assertion of Identity-Aware Proxy',
      'algorithm_unsupported',
      () => foreign(IAP, { alg: 'ES256', kid: '4BCyVw' }),
      'header x-goog-iap-jwt-assertion',
    ],
    [
      'a token that a service account signed itself',
      'key_unknown',
      () => foreign(SELF_SIGNED),
      'Python: fetch_id_token',
    ],
    [
      'the assertion that asks for an ID token',
      'key_unknown',
      () => foreign({ ...SELF_SIGNED, target_audience: AUDIENCE }),
      'Send it to https://oauth2.googleapis.com/token',
    ],
    [
      'a token of an agent',
      'key_unknown',
      () => foreign(AGENT),
      'impersonate a service account and call generateIdToken',
    ],
    ['a token of an agent with a key of Google', 'issuer_mismatch', () => idToken(AGENT), 'this is an agent identity'],
    ['a list for an audience', 'audience_mismatch', () => idToken({ aud: [AUDIENCE] }), '"aud" is a list'],
    [
      'a token of Google Chat',
      'key_unknown',
      () => foreign({ iss: 'chat@system.gserviceaccount.com', aud: '1071284184436' }),
      '"HTTP endpoint URL"',
    ],
    [
      'a security event',
      'claim_invalid',
      () => idToken({ events: {} }),
      'security event token (RISC), not an ID token',
    ],
    [
      'a token that is not signed',
      'algorithm_unsupported',
      () => idToken({}, { alg: 'none' }),
      'The token is not signed',
    ],
    [
      'a token of a shared secret',
      'algorithm_unsupported',
      () => idToken({}, { alg: 'HS256' }),
      'shared secret (HMAC)',
    ],
    ['a token of another algorithm', 'algorithm_unsupported', () => idToken({}, { alg: 'PS256' }), '"RS256", the only'],
    [
      'a token of an algorithm that nobody has',
      'algorithm_unsupported',
      () => idToken({}, { alg: 'XHS256' }),
      '"RS256"',
    ],
    ['a token of a longer name', 'algorithm_unsupported', () => idToken({}, { alg: 'HS2567' }), 'is not "RS256"'],
    [
      'a token of a list of algorithms',
      'algorithm_unsupported',
      () => idToken({}, { alg: ['HS256'] }),
      'is not "RS256"',
    ],
    [
      'a token without algorithm',
      'algorithm_unsupported',
      () => idToken({}, { alg: undefined }),
      'The "alg" of the token',
    ],
    [
      'a token that was changed on the way',
      'signature_invalid',
      async () => (await idToken()).replace(/\.[^.]*$/, (await idToken({ nonce: 'other' })).replace(/.*\./, '.')),
      "names one of Google's keys, yet that key did not sign these bytes",
    ],
    [
      'a Firebase token that was changed on the way',
      'signature_invalid',
      async () => (await idToken(FIREBASE)).replace(/\.[^.]*$/, (await idToken()).replace(/.*\./, '.')),
      'this is a Firebase token',
    ],
    [
      'a token that Cloud Run has checked',
      'signature_removed',
      async () => (await idToken()).replace(/[^.]*$/, 'SIGNATURE_REMOVED_BY_GOOGLE'),
      'X-Serverless-Authorization',
    ],
    [
      'a token of a local fake',
      'issuer_mismatch',
      () => idToken({ iss: 'http://localhost:8585' }),
      'Let the fake issue tokens as https://accounts.google.com',
    ],
    [
      'a token of a local fake with keys of its own',
      'key_unknown',
      () => foreign({ iss: 'http://127.0.0.1:8585/' }),
      'the token comes from a local fake',
    ],
    [
      'a token of a fake Google that the guard does not know',
      'key_unknown',
      () => foreign({}),
      'In tests: is the guard',
    ],
    [
      'a token of any other issuer',
      'issuer_mismatch',
      () => idToken({ iss: 'https://login.example.com' }),
      '"iss" is "https://login.example.com", expected "https://accounts.google.com"',
    ],
  ])('%s', async (_, code, credential, fix) => {
    const token = await credential();

    const refusal = await refusalOf(() => createVerifier().verify(token));

    expect(refusal).toMatchObject({ code, hint: expect.stringContaining(fix) });
  });

  test.each([
    ['https://securetoken.google.com/my-project', 'Firebase'],
    ['https://session.firebase.google.com/my-project', 'Firebase'],
    ['https://cloud.google.com/iap', 'Identity-Aware Proxy'],
    ['https://sts.googleapis.com/v1/organizations/1', 'agent identity token'],
    ['chat@system.gserviceaccount.com', 'Google Chat'],
    ['https://confidentialcomputing.googleapis.com', 'an attestation of Confidential Space'],
    [
      'https://container.googleapis.com/v1/projects/my-project/locations/us-central1/clusters/my-cluster',
      'a token of a Kubernetes service account. Let the workload ask its metadata server',
    ],
    ['https://firebaseappcheck.googleapis.com/107128418443', 'Firebase App Check'],
    ['gsuitecse-tokenissuer-drive@system.gserviceaccount.com', 'Workspace client-side encryption'],
    [
      'https://www.googleapis.com/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com',
      'Google Cloud Marketplace',
    ],
    ['cloud-agentspace@system.gserviceaccount.com', 'a service of Google signed itself'],
    ['https://confidentialcomputing.googleapis.com/', 'an attestation of Confidential Space'],
    ['notchat@system.gserviceaccount.com', 'a service of Google signed itself'],
    ['x-gsuitecse-tokenissuer-drive@system.gserviceaccount.com', 'a service of Google signed itself'],
    ['gsuitecse-tokenissuer-@system.gserviceaccount.com', 'a service of Google signed itself'],
    ['https://s3nsapis.fr/issuer', 'a sovereign cloud (another universe domain), which is not supported'],
    ['https://accounts.s3nsapis.fr', 'a sovereign cloud (another universe domain), which is not supported'],
    ['https://accounts.apis-berlin-build0.goog', 'a sovereign cloud (another universe domain), which is not supported'],
    ['sender@my-project.iam.gserviceaccount.com', 'the service account signed this token itself'],
    ['http://localhost', 'local fake'],
    ['http://localhost:8585', 'local fake'],
    ['https://127.0.0.1/path', 'local fake'],
    ['http://[::1]:8585', 'local fake'],
  ])('the issuer %s is shown, and told for what it is', async (iss, kind) => {
    const refusal = await refusalOf(async () => createVerifier().verify(await idToken({ iss })));

    expect(refusal.hint).toContain(`"iss" is "${iss}": `);
    expect(refusal.hint).toContain(kind);
  });

  test.each([
    'https://securetoken.google.com',
    'https://securetoken.google.community/my-project',
    'https://example.com/?https://securetoken.google.com/my-project',
    'https://cloud.google.com/iap/',
    'https://sts.googleapis.com.example.net/',
    'https://example.com/https://sts.googleapis.com/',
    'chat@system.gserviceaccount.com.example.net',
    'https://confidentialcomputing.googleapis.com.example.net',
    'https://container.googleapis.com',
    'https://confidentialcomputing.googleapis.com/v1',
    'https://example.com/https://confidentialcomputing.googleapis.com',
    'https://example.com/https://container.googleapis.com/v1/',
    'https://example.com/https://www.googleapis.com/robot/v1/',
    'https://example.com/https://s3nsapis.fr',
    'https://www.googleapis.com/robots/',
    'https://example.com/@s3nsapis.fr',
    'https://apis-.goog',
    'https://example.com/https://firebaseappcheck.googleapis.com/1',
    'https://s3nsapis.fr.example.net',
    'https://nots3nsapis.fr',
    'https://apis-x.goog.example.net',
    'sender@my-project.iam.notgserviceaccount.com',
    'http://localhost.example.com',
    'http://127.0.0.10',
    'https://example.com/http://localhost',
    'localhost',
  ])('the issuer %s only looks like one of them', async (iss) => {
    const refusal = await refusalOf(async () => createVerifier().verify(await idToken({ iss })));

    expect(refusal).toMatchObject({
      code: 'issuer_mismatch',
      hint: `"iss" is "${iss}", expected "https://accounts.google.com".`,
    });
  });
});

describe('an audience that', () => {
  test.each(SHARED_AUDIENCES)('all users of %s share', async (sharers, aud) => {
    const token = await idToken({ aud });

    const refusal = await refusalOf(() => createVerifier().verify(token));

    expect(refusal).toMatchObject({
      code: 'audience_mismatch',
      claim: 'aud',
      hint: `"aud" is "${aud}": all users of ${sharers} share it, so it says nothing about this service. Use gcloud auth print-identity-token --impersonate-service-account=… --audiences=… --include-email.`,
    });
  });

  test.each<Mistake>([
    ['has one slash more', 'audience_mismatch', () => idToken({ aud: `${AUDIENCE}/` }), 'only by a trailing slash'],
    [
      'has a path',
      'audience_mismatch',
      () => idToken({ aud: `${AUDIENCE}/orders` }),
      'differ by the path. Pub/Sub, Cloud',
    ],
    [
      'has a query',
      'audience_mismatch',
      () => idToken({ aud: `${AUDIENCE}?key=1` }),
      'differ only by the query. Pub/Sub',
    ],
    [
      'is in other case',
      'audience_mismatch',
      () => idToken({ aud: AUDIENCE.toUpperCase() }),
      'by upper and lower case',
    ],
    ['has another scheme', 'audience_mismatch', () => idToken({ aud: AUDIENCE.replace('s:', ':') }), 'by the scheme'],
    ['is another one', 'audience_mismatch', () => idToken({ aud: 'my-app' }), 'configure the same value on both sides'],
  ])('%s', async (_, code, credential, fix) => {
    const token = await credential();

    const refusal = await refusalOf(() => createVerifier().verify(token));

    expect(refusal).toMatchObject({ code, claim: 'aud', hint: expect.stringContaining(fix) });
    expect(refusal.hint).toContain('"aud" is "');
  });

  test('a rule did not accept', async () => {
    const token = await idToken({ aud: 'https://other.example.com/push' });

    const refusal = await refusalOf(() => createVerifier({ audience: () => false }).verify(token));

    expect(refusal).toMatchObject({
      code: 'audience_mismatch',
      hint: '"aud" is "https://other.example.com/push", and the audience rule did not accept it.',
    });
  });

  test.each([
    ['https://other.example.com/push', 'the host or port differs.'],
    ['http://api.example.com/push', 'the scheme differs.'],
    ['https://api.example.com:8443/push', 'the host or port differs.'],
    ['https://api.example.com/pushed', 'the path differs, or is not written plainly.'],
    ['https://api.example.com/push/../admin', 'the path differs, or is not written plainly.'],
    ['my-app', 'it is not such a URL.'],
    [`https://api.example.com/${'x'.repeat(2024)}`, 'the path differs, or is not written plainly.'],
    [`https://api.example.com/${'x'.repeat(2025)}`, 'it is not such a URL.'],
  ])('is not under the URL that was given: %s', async (aud, difference) => {
    const token = await idToken({ aud });

    const refusal = await refusalOf(() => createVerifier({ audience: urlsUnder(AUDIENCE) }).verify(token));

    expect(refusal).toMatchObject({ code: 'audience_mismatch', claim: 'aud' });
    expect(refusal.hint).toMatch(/^"aud" is "(https?:|my-app)/);
    expect(refusal.hint).toMatch(/", expected "https:..api.example.com.push" or a URL below it: /);
    expect(refusal.hint?.endsWith(`: ${difference}`)).toBe(true);
  });
});

describe('a caller', () => {
  const callers = [serviceAccount(SENDER.email), user('zoe@example.com'), workspaceDomain('example.com')];

  test.each<[string, Record<string, unknown>, string[]]>([
    [
      'without e-mail: how each client library asks for one',
      { email: undefined, email_verified: undefined },
      ['format=full', 'includeEmail: true', 'Java: Option.INCLUDE_EMAIL', 'gcloud: --include-email'],
    ],
    ['whose e-mail is not verified', { email_verified: false }, ['"email_verified" is not true']],
    [
      'that is not on the list',
      { email: 'stranger@my-project.iam.gserviceaccount.com' },
      ['"stranger@my-project.iam.gserviceaccount.com" is not an allowed service account', 'the token has no "hd"'],
    ],
  ])('%s', async (_, claims, fixes) => {
    const token = await idToken(claims);

    const refusal = await refusalOf(() => createVerifier({ callers }).verify(token));

    expect(refusal.code).toBe('caller_not_allowed');
    for (const fix of fixes) {
      expect(refusal.hint).toContain(fix);
    }
  });
});

describe('Google Chat', () => {
  const ADD_ON = 'service-123456789012@gcp-sa-gsuiteaddons.iam.gserviceaccount.com';
  const STANDALONE = 'chat@system.gserviceaccount.com';
  const KINDS =
    'Apps that are Workspace add-ons are called by service-PROJECT_NUMBER@gcp-sa-gsuiteaddons.iam.gserviceaccount.com, standalone Chat apps by chat@system.gserviceaccount.com.';

  test.each([
    ['an app that is a Workspace add-on, to a guard for standalone ones', ADD_ON, STANDALONE],
    ['a standalone app, to a guard for one that is a Workspace add-on', STANDALONE, ADD_ON],
    ['the add-on of another project', 'service-1@gcp-sa-gsuiteaddons.iam.gserviceaccount.com', ADD_ON],
  ])('calls for %s: the hint names both accounts, and tells the kinds apart', async (_, email, allowed) => {
    const token = await idToken({ email });

    const refusal = await refusalOf(() => createVerifier({ callers: serviceAccount(allowed) }).verify(token));

    expect(refusal).toMatchObject({
      code: 'caller_not_allowed',
      status: 403,
      hint: `The caller "${email}" is not an allowed service account, expected "${allowed}". ${KINDS}`,
    });
  });

  test.each([ADD_ON, STANDALONE])('gets in as %s', async (email) => {
    const token = await idToken({ email });

    expect((await createVerifier({ callers: serviceAccount(email) }).verify(token)).caller).toMatchObject({ email });
  });
});

describe('a clock that is off', () => {
  test.each<Mistake>([
    [
      'by hours, or a token that was kept',
      'token_expired',
      () => idToken({ iat: NOW - 10_800, exp: NOW - 7200 }),
      'If it is fresh, the clock of this machine is ahead.',
    ],
    [
      'and makes a fresh token come from the future',
      'token_not_yet_valid',
      () => idToken({ iat: NOW + 7200, exp: NOW + 10_800 }),
      'the clock of this machine is behind. Synchronise it (NTP)',
    ],
    [
      'on the side of whoever made a token that lives for days',
      'claim_invalid',
      () => idToken({ exp: NOW + 172_800 }),
      'more than maxLifetimeSeconds (86400)',
    ],
  ])('%s', async (_, code, credential, fix) => {
    const token = await credential();

    const refusal = await refusalOf(() => createVerifier().verify(token));

    expect(refusal).toMatchObject({ code, hint: expect.stringContaining(fix) });
  });

  test('and by how much', async () => {
    const token = await idToken({ iat: 1_760_000_000, exp: 1_760_003_600 });
    const hintAt = async (seconds: number) => {
      const refusal = await refusalOf(() => createVerifier({ now: () => seconds * 1000 }).verify(token));
      return refusal.hint;
    };

    expect(await hintAt(1_760_003_700)).toContain('The token expired 100 s ago.');
    expect(await hintAt(1_760_003_600 + 2 * 86_400)).toContain('The token expired 172800 s ago.');
    expect(await hintAt(1_760_003_601 + 2 * 86_400)).toContain('The token expired 2 days ago.');
    expect(await hintAt(1_759_999_900)).toContain('"iat" lies 100 s ahead');
  });
});

describe('what the sender wrote stands in a hint as one short line of printable characters:', () => {
  const hostile: [string, string][] = [
    ['a line break', 'x\r\ntoken_accepted: all is well'],
    ['an ANSI escape', '\u001b[2J\u001b[31mx\u009b0m'],
    ['quotes', 'x" is fine, said "nobody'],
    ['a backslash before the end', 'x\\'],
    ['other line separators', 'x\u2028y\u2029z\u0085'],
    ['text that runs backwards', 'x\u202egro.elpmaxe'],
    ['letters that look like others', 'https://аpi.example.com'],
    ['half an emoji', '\ud83d'],
    ['NUL and DEL', 'x\0\u007f'],
    ['10,000 characters', 'x'.repeat(10_000)],
    ['many emoji', '😀'.repeat(1000)],
  ];

  describe.each(hostile)('%s', (_, text) => {
    test.each<Mistake>([
      ['in aud', 'audience_mismatch', () => idToken({ aud: text }), '"aud" is "'],
      ['in iss', 'issuer_mismatch', () => idToken({ iss: text }), '"iss" is "'],
      [
        'in the issuer of a token of another kind',
        'issuer_mismatch',
        () => idToken({ iss: `https://securetoken.google.com/${text}` }),
        'Firebase',
      ],
      [
        'in the issuer of a token that nobody signed',
        'algorithm_unsupported',
        async () => unsigned({ iss: `https://sts.googleapis.com/${text}` }),
        'agent identity',
      ],
      ['in the e-mail', 'caller_not_allowed', () => idToken({ email: text }), 'is not an allowed service account'],
      [
        'in an e-mail that is not verified',
        'caller_not_allowed',
        () => idToken({ email: text, email_verified: false }),
        'is not verified',
      ],
    ])('%s', async (__, code, credential, sentence) => {
      const token = await credential();

      const refusal = await refusalOf(() => createVerifier().verify(token));

      expect(refusal).toMatchObject({ code, hint: expect.stringContaining(sentence) });
      // The one character beyond ASCII stands where a value was cut.
      expect(refusal.hint).toMatch(/^[ -~…]+$/);
      expect(refusal.hint?.length).toBeLessThan(2000);
    });
  });

  test('quotes and backslashes are escaped, so that it is plain where the value ends', async () => {
    const token = await idToken({ aud: 'x" or \\' });

    const refusal = await refusalOf(() => createVerifier().verify(token));

    expect(refusal.hint).toContain(String.raw`"aud" is "x\" or \\", expected "https://api.example.com/push"`);
  });

  test('all but printable ASCII is escaped as in JSON', async () => {
    const token = await idToken({ aud: '\u0085\u007f\u202ea\u0430 ~' });

    const refusal = await refusalOf(() => createVerifier().verify(token));

    expect(refusal.hint).toContain(String.raw`"aud" is "\u0085\u007f\u202ea\u0430 ~", expected`);
  });

  test.each([
    [200, 'x'.repeat(200)],
    [201, `${'x'.repeat(200)}…`],
    [300, `${'x'.repeat(200)}…`],
  ])('of %i characters no more than 200 stand there', async (length, shown) => {
    const token = await idToken({ aud: 'x'.repeat(length) });

    const refusal = await refusalOf(() => createVerifier().verify(token));

    expect(refusal.hint).toContain(`"aud" is "${shown}", expected`);
  });
});

test('no hint repeats what is neither audience, issuer nor e-mail', async () => {
  const secret = 'canary';
  const named = { sub: secret, nonce: secret, name: secret, hd: `${secret}.example.com`, azp: secret, jti: secret };
  const verifier = createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: [serviceAccount(SENDER.email), workspaceDomain('example.com')],
    keys: google.keySet(),
  });
  const tokens = [
    await idToken({ ...named, email: undefined }),
    await idToken({ ...named, aud: 'other' }),
    await idToken({ ...named, iss: 'other' }),
    await idToken({ ...named, exp: NOW - 3600, iat: NOW - 7200 }),
    await idToken({ ...named, iat: secret }),
    await idToken(named, { kid: secret }),
    await idToken(named, { alg: secret }),
    await idToken(named, { typ: secret, crit: [secret] }),
  ];

  for (const token of tokens) {
    const refusal = await refusalOf(() => verifier.verify(token));

    expect(refusal.hint).toBeTypeOf('string');
    expect(refusal.hint).not.toContain(secret);
  }
});

/** A token with good claims that Google's keys did not sign. */
function foreign(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  return somebody.idToken({ aud: AUDIENCE, ...SENDER, ...claims }, header);
}

async function unsigned(claims: Record<string, unknown>): Promise<string> {
  return (await idToken(claims, { alg: 'none' })).replace(/[^.]*$/, '');
}
