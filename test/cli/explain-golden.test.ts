/*
 * What a person sees, for every mistake that people make. The files in golden/ are the expectation, to be read as such;
 * `vitest run test/cli -u` writes them anew.
 */
import { createGoogleIdTokenVerifier, serviceAccount, staticKeySet } from '@id-token-guard/core';
import { createFakeGoogle, type MistakenRequest, type SenderRequest } from '@id-token-guard/testing';
import { expect, test } from 'vitest';
import { cli } from './support/cli.ts';
import { AT, AUDIENCE, goodToken, google, keyFile, SENDER } from './support/google.ts';

interface Case {
  readonly name: string;
  readonly token: () => Promise<string>;
  /** The code that a guard answers with; left out: no check fails. */
  readonly code?: string;
  readonly args?: readonly string[];
}

const CHECK_ALL = ['--audience', AUDIENCE, '--caller', SENDER, '--keys', keyFile, '--at', AT];

const CASES: readonly Case[] = [
  { name: 'good token', token: () => goodToken() },
  { name: 'good token, nothing to check it with', token: () => goodToken(), args: ['--at', AT] },
  { name: 'virtual machine', token: () => tokenOf(google.from.metadataServer({ audience: AUDIENCE, format: 'full' })) },

  // Other tokens than ID tokens of Google.
  { name: 'Firebase token', token: () => tokenOf(google.mistakes.firebase()), code: 'key_unknown' },
  {
    name: 'assertion of Identity-Aware Proxy',
    token: () => tokenOf(google.mistakes.iap()),
    code: 'algorithm_unsupported',
  },
  {
    name: 'self-signed by a service account',
    token: () => tokenOf(google.mistakes.selfSigned({ audience: AUDIENCE })),
    code: 'key_unknown',
  },
  {
    name: 'assertion for the token endpoint',
    token: () => strangersToken({ iss: SENDER, aud: 'https://oauth2.googleapis.com/token', target_audience: AUDIENCE }),
    code: 'key_unknown',
  },
  { name: 'OAuth access token', token: () => tokenOf(google.mistakes.accessToken()), code: 'token_malformed' },
  {
    name: 'agent identity token',
    token: () => tokenOf(google.mistakes.agentIdentity({ audience: AUDIENCE })),
    code: 'key_unknown',
  },
  {
    name: 'Chat app with the project number as audience',
    token: () => tokenOf(google.mistakes.chatProjectNumber()),
    code: 'key_unknown',
  },
  {
    name: 'local fake Google with an issuer of its own',
    token: () => strangersToken({ iss: 'http://localhost:8585', aud: AUDIENCE }),
    code: 'key_unknown',
  },
  {
    name: 'signature removed by Cloud Run',
    token: async () => (await goodToken()).replace(/[^.]*$/, 'SIGNATURE_REMOVED_BY_GOOGLE'),
    code: 'signature_removed',
  },
  { name: 'another payload under the signature', token: swapPayload, code: 'signature_invalid' },
  { name: 'cut while copying', token: async () => (await goodToken()).slice(0, 80), code: 'token_malformed' },

  // Tokens for another audience.
  { name: 'audience of gcloud', token: () => tokenOf(google.from.gcloudUser()), code: 'audience_mismatch' },
  { name: 'audience with a trailing slash', ...audience(`${AUDIENCE}/`) },
  { name: 'audience with a path', ...audience(`${AUDIENCE}/push`) },
  {
    name: 'audience with a query',
    ...audience(`${AUDIENCE}/push?token=1`),
    args: ['--audience', `${AUDIENCE}/push`, ...CHECK_ALL.slice(2)],
  },
  { name: 'audience in upper case', ...audience('https://API.example.com') },
  { name: 'audience with another scheme', ...audience('http://api.example.com') },
  { name: 'audience of another service', ...audience('https://other.example.com') },
  {
    name: 'audience outside of the URLs',
    ...audience(`${AUDIENCE}/other`),
    args: ['--urls-under', `${AUDIENCE}/push`, ...CHECK_ALL.slice(2)],
  },

  // Tokens that do not say who calls, or say that it is somebody else.
  {
    name: 'no e-mail, from a metadata server',
    token: () => tokenOf(google.from.metadataServer({ audience: AUDIENCE })),
    code: 'caller_not_allowed',
  },
  {
    name: 'no e-mail, from impersonation',
    token: () => tokenOf(google.from.impersonation({ audience: AUDIENCE })),
    code: 'caller_not_allowed',
  },
  {
    name: 'another caller',
    token: () => goodToken({ email: 'stranger@elsewhere.iam.gserviceaccount.com' }),
    code: 'caller_not_allowed',
  },

  // Clocks.
  { name: 'expired', token: () => goodToken(), code: 'token_expired', args: at('2026-01-31T14:00:00Z') },
  {
    name: 'clock of this machine is behind',
    token: () => goodToken(),
    code: 'token_not_yet_valid',
    args: at('2026-01-31T11:45:00Z'),
  },

  // Several at once: the guard answers with the first.
  {
    name: 'several mistakes',
    token: () => goodToken({ aud: 'https://other.example.com', email: undefined }),
    code: 'audience_mismatch',
    args: at('2026-02-03T12:00:00Z'),
  },
];

test.each(CASES)('$name', async ({ name, token, code, args = CHECK_ALL }) => {
  const output = await cli(['explain', await token(), ...args]);

  expect(output.stderr).toBe('');
  expect(output.code).toBe(code === undefined ? 0 : 1);
  if (code !== undefined) {
    expect(output.stdout).toMatch(new RegExp(`^Refused: a guard answers with status 4\\d\\d and code ${code}\\.`, 'm'));
  }
  const command = ['id-token-guard explain "$TOKEN"', ...args].join(' ').replace(keyFile, 'keys.json');
  await expect(`$ ${command}\n${masked(output.stdout)}`).toMatchFileSnapshot(`golden/${fileName(name)}.txt`);
});

test.each(CASES.filter(({ args }) => args === undefined))('$name: a guard answers as told', async ({ token, code }) => {
  const verifier = createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: serviceAccount(SENDER),
    keys: staticKeySet(google.jwks),
    now: () => Date.parse(AT),
  });
  const answer = await verifier.verify(await token()).then(
    () => undefined,
    (error) => error.code,
  );

  expect(answer).toBe(code);
});

function audience(aud: string): Pick<Case, 'token' | 'code'> {
  return { token: () => goodToken({ aud }), code: 'audience_mismatch' };
}

function at(time: string): string[] {
  return [...CHECK_ALL.slice(0, -1), time];
}

async function tokenOf(request: Promise<SenderRequest | MistakenRequest>): Promise<string> {
  return (await request).token;
}

/** Signed with keys that are not Google's. */
async function strangersToken(claims: { aud: string; iss: string; [claim: string]: unknown }): Promise<string> {
  const stranger = await createFakeGoogle({ now: () => Date.parse('2026-01-31T12:00:00Z') });
  return stranger.idToken(claims);
}

async function swapPayload(): Promise<string> {
  const [header, , signature] = (await goodToken()).split('.');
  const [, payload] = (await goodToken({ email: 'admin@my-project.iam.gserviceaccount.com' })).split('.');
  return [header, payload, signature].join('.');
}

/** Keys are made for each run, and hashes of what is random. */
function masked(text: string): string {
  return text.replace(/^( {2}kid +)\S+$/m, '$1(its id)').replace(/^( {2}at_hash +)\S+$/m, '$1(a hash)');
}

function fileName(name: string): string {
  return name.toLowerCase().replace(/[^a-z]+/g, '-');
}
