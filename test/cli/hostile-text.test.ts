/*
 * Whoever sends a token writes its claims. A terminal obeys what it prints: no claim may move the cursor, change colours or
 * titles, hide text, or write a line that looks like one of ours.
 */
import { describe, expect, test } from 'vitest';
import { cli } from './support/cli.ts';
import { AT, AUDIENCE, goodToken, google } from './support/google.ts';

const ESCAPE = '\u001b[2J\u001b[31m';
const TITLE = '\u001b]0;owned\u0007';
/** The same as ESC [, in one character. */
const C1 = '\u009b2J';
const FAKE_LINE = 'x\n  pass  signature\r\nAccepted: a guard with these options lets it pass.';
/** Turns the direction of what follows. */
const BIDI = '\u202egro.elpmaxe';
const INVISIBLE = 'a\u200bb\u00adc\u2028d\ufeff';
const HOSTILE: string = [ESCAPE, TITLE, C1, FAKE_LINE, BIDI, INVISIBLE, '\ud800', '😀'].join(' ');

const tokens: [where: string, token: () => Promise<string>][] = [
  ['a claim', () => goodToken({ name: HOSTILE })],
  ['the name of a claim', () => goodToken({ [HOSTILE]: 1 })],
  ['a claim inside of claims', () => goodToken({ google: { [HOSTILE]: { compute_engine: [HOSTILE] } } })],
  ['the audience', () => goodToken({ aud: HOSTILE })],
  ['the issuer', () => goodToken({ iss: HOSTILE })],
  ['the e-mail', () => goodToken({ email: HOSTILE })],
  ['a time', () => goodToken({ iat: HOSTILE })],
  ['the header', () => google.sign({ alg: HOSTILE, kid: HOSTILE, [HOSTILE]: HOSTILE }, { aud: AUDIENCE })],
  ['the token itself', async () => `${HOSTILE}.${HOSTILE}.${HOSTILE}`],
];

const ARGS = ['--audience', AUDIENCE, '--caller', 'ada@example.com', '--at', AT];

describe.each(tokens)('in %s', (_, token) => {
  test('nothing steers the terminal or looks like a line of ours', async () => {
    const { stdout, stderr } = await cli(['explain', ...ARGS], { input: await token() });

    expect(stderr).toBe('');
    expect(stdout).toMatch(/^[ -~…\n]+$/);
    expect(stdout).not.toMatch(/^ {2}pass {2}signature/m);
    expect(stdout).not.toMatch(/^Accepted/m);
    expect(stdout).toMatch(/^Refused/m);
  });

  test('the same goes for --json, which keeps the values', async () => {
    const { stdout } = await cli(['explain', ...ARGS, '--json'], { input: await token() });

    expect(stdout).toMatch(/^[ -~\n]+$/);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: false });
  });
});

test('--json gives a hostile claim back as it was', async () => {
  const { stdout } = await cli(['explain', await goodToken({ name: HOSTILE.replace('\ud800', '') }), '--json']);

  expect(JSON.parse(stdout).unverifiedClaims.name).toBe(HOSTILE.replace('\ud800', ''));
});

test('letters with accents stay as they are', async () => {
  const { stdout } = await cli(['explain', await goodToken({ name: 'Zoë Ørsted' })]);

  expect(stdout).toMatch(/^ {2}name +Zoë Ørsted$/m);
});

describe.each([
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
])('claims that are nested thousands deep, in %s,', (_, open, close) => {
  // As deep as a token can be long.
  const depth = Math.floor(11_800 / (open.length + close.length));
  const payload = `{"aud":"x","deep":${open.repeat(depth)}1${close.repeat(depth)}}`;

  test('are shown as far as anybody reads', async () => {
    const { code, stdout, stderr } = await cli(['explain'], { input: await google.sign({ alg: 'RS256' }, payload) });

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('"(nested more than 32 levels deep)"');
    expect(stdout).toMatch(/^Refused/m);
  });

  test('are in the JSON as far as that, too', async () => {
    const args = ['explain', '--json'];
    const { code, stdout, stderr } = await cli(args, { input: await google.sign({ alg: 'RS256' }, payload) });

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout).checks[0]).toMatchObject({ step: 'form', result: 'failed' });
    expect(stdout).toContain('"(nested more than 32 levels deep)"');
  });
});

test('claims as deep as those of Google are shown whole', async () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20)}[1,{"b":null}]${'}'.repeat(20)}`);

  const { stdout } = await cli(['explain', await goodToken({ deep }), '--json']);

  expect(JSON.parse(stdout).unverifiedClaims.deep).toStrictEqual(deep);
});

test('arguments that are quoted in an error do not steer the terminal either', async () => {
  const { code, stdout, stderr } = await cli([HOSTILE]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^id-token-guard: There is no command "[^\p{C}\n]+\n$/u);
});
