import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { cli, cliUnread } from './support/cli.ts';
import { AT, file, goodToken, keyFile, SENDER } from './support/google.ts';

const COMMANDS = ['explain', 'doctor', 'emulate', 'mint', 'serve'];

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])('%s tells the commands, with examples', async (...args) => {
    const { code, stdout, stderr } = await cli(args);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: id-token-guard <command> \[options\]\n/);
    expect(COMMANDS.filter((command) => !stdout.includes(`\n  ${command} `))).toEqual([]);
    expect(stdout).toMatch(/^Examples\n {2}id-token-guard /m);
    expect(stdout).toMatch(/^Exit codes: 0 /m);
  });

  test.each(COMMANDS)('%s --help tells all its options, with examples and exit codes', async (command) => {
    const { code, stdout, stderr } = await cli([command, '--help']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: id-token-guard ${command} `));
    expect(stdout).toMatch(new RegExp(`^Examples\n {2}.*id-token-guard ${command}`, 'm'));
    expect(stdout).toMatch(/^Exit codes: 0 .*, 2 wrong usage\.$/m);
    const source = await readFile(new URL(`../../packages/cli/src/${command}.ts`, import.meta.url), 'utf8');
    const options = Array.from(source.matchAll(/^ {2}'?([a-z-]+)'?: \{ type: /gm), ([, name]) => `--${name}`);
    expect(options.filter((option) => !stdout.includes(`\n  ${option} `))).toEqual([]);
    expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  test('help explain is explain --help', async () => {
    expect(await cli(['help', 'explain'])).toEqual(await cli(['explain', '--help']));
  });
});

test('--version prints that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../packages/cli/package.json', import.meta.url), 'utf8'));

  expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('wrong usage is one line on standard error, and exit code 2:', () => {
  const cases: [args: string[], line: string, input?: string][] = [
    [[], 'Say which command: explain, doctor, emulate, mint or serve. See id-token-guard --help.'],
    [['verify'], 'There is no command "verify". See id-token-guard --help.'],
    [['constructor'], 'There is no command "constructor". See id-token-guard --help.'],
    [['help', 'verify'], 'There is no command "verify". See id-token-guard --help.'],
    [['explain', 'TOKEN', '--aud', 'x'], "Unknown option '--aud'."],
    [['explain', 'TOKEN', '--audience'], "Option '--audience <value>' argument missing."],
    [['explain', 'TOKEN', '--json=yes'], "Option '--json' does not take an argument."],
    [['explain', 'TOKEN', 'b'], 'There is one argument too many: "b".'],
    [['explain'], 'There is no token: give it as argument, with --header, or on standard input.'],
    [['explain'], 'There is no token: give it as argument, with --header, or on standard input.', 'Bearer \n'],
    [['explain', ''], 'There is no token: give it as argument, with --header, or on standard input.'],
    [['explain'], 'Standard input is longer than 64 KiB: that is no token.', 'a'.repeat(70_000)],
    [['explain', 'TOKEN', '--header', 'TOKEN'], 'Give the token as argument or with --header, not both.'],
    [
      ['explain', '--header', 'Authorization: Basic YTpi'],
      'The header has another scheme than Bearer: there is no ID token in it.',
    ],
    [
      ['explain', 'TOKEN', '--audience', 'x', '--urls-under', 'https://api.example.com'],
      'Give --audience or --urls-under, not both.',
    ],
    [
      ['explain', 'TOKEN', '--audience', ' x'],
      '--audience: "audience" must have no white space and no invisible characters.',
    ],
    [['explain', 'TOKEN', '--urls-under', 'api.example.com'], '--urls-under: urlsUnder() takes an http or https URL '],
    [['explain', 'TOKEN', '--caller', 'serviceAccount:x@y.iam.gserviceaccount.com'], '--caller: serviceAccount(): '],
    [
      ['explain', 'TOKEN', '--at', 'noon'],
      '--at must be a time such as 2026-01-31T12:00:00Z, or seconds since the epoch.',
    ],
    [['explain', 'TOKEN', '--keys', 'missing.json'], '--keys: the file "missing.json" cannot be read.'],
    [['explain', 'TOKEN', '--keys', 'html.txt'], '--keys: the file is not JSON.'],
    [
      ['explain', 'TOKEN', '--keys', 'list-of-keys.json'],
      '--keys: staticKeySet() takes a JWKS: an object with a "keys" array.',
    ],
    [
      ['explain', 'TOKEN', '--keys', 'empty-set.json'],
      '--keys: the file has no usable key (RSA, 2048 bits or more, for RS256, with a "kid").',
    ],
    [
      ['explain', 'TOKEN', '--keys', 'http://keys.example.com'],
      '--keys: "url" must be an https URL, or http on loopback.',
    ],
    [['doctor', '--url', 'keys'], '--url: "url" must be an https URL, or http on loopback.'],
    [['doctor', 'x'], 'There is one argument too many: "x".'],
    [['emulate', '--port', '70000'], '--port must be a number from 0 to 65535.'],
    [['emulate', '--port', 'x'], '--port must be a number from 0 to 65535.'],
    [
      ['emulate', '--port', '0', '--service-account', 'ada@example.com'],
      '--service-account must be the e-mail of a service account.',
    ],
    [['emulate', '--port', '0', '--forward', SENDER], '--forward must be SENDER=TARGET, such as '],
    [['emulate', '--port', '0', '--forward', `ada@example.com=http://127.0.0.1:1`], '--forward must be SENDER=TARGET'],
    [
      ['emulate', '--port', '0', '--forward', `${SENDER}=http://api.example.com`],
      '--forward: "target" must be an http: URL on loopback, without query: whoever reaches this Google can make tokens',
    ],
    [
      ['mint', '--audience', 'x'],
      '--from must be one of pubsub, cloud-tasks, scheduler, workflows, eventarc, metadata, impersonation, key, gcloud, sign-in, chat, workspace-add-on, apps-script, dialogflow, api-gateway, github-actions, firebase-tasks, agent, analytics, uptime-check, apigee, vertex-extension.',
    ],
    [['mint', '--from', 'toString', '--audience', 'x'], '--from must be one of pubsub'],
    [['mint', '--from', 'key'], '--audience is missing: whoever asks Google for a token says whom it is for.'],
    [['mint', '--from', 'key', '--audience', 'x', '--header', '--json'], 'Give --header or --json, not both.'],
    [['mint', '--from', 'key', '--audience', 'x', '--claim', 'hd'], '--claim must be NAME=JSON, such as '],
    [
      ['mint', '--from', 'key', '--audience', 'x', '--emulator', 'https://www.googleapis.com'],
      '--emulator must be an http URL on loopback, such as http://127.0.0.1:8585.',
    ],
  ];

  test.each(cases)('%j', async (args, line, input = '') => {
    const { code, stdout, stderr } = await cli(await Promise.all(args.map(inPlaceOf)), { input });

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^id-token-guard: .+\n$/);
    expect(stderr).toContain(`id-token-guard: ${line}`);
  });

  /** Tokens and files are made for the test; so are the words that stand for them above. */
  async function inPlaceOf(word: string): Promise<string> {
    const files: Record<string, unknown> = {
      'html.txt': '<html>',
      'empty-set.json': '{"keys":[]}',
      'list-of-keys.json': '[{}]',
    };
    return word === 'TOKEN' ? goodToken() : Object.hasOwn(files, word) ? file(word, `${files[word]}`) : word;
  }
});

describe('colours', () => {
  const args = ['explain', '--keys', keyFile];

  test('are left out where the output is no terminal', async () => {
    const { stdout } = await cli([...args, await goodToken()]);

    expect(stdout).not.toContain('\u001b');
  });

  test('are there where they are asked for', async () => {
    const { stdout } = await cli([...args, await goodToken()], { env: { FORCE_COLOR: '1' } });

    expect(stdout).toContain('\u001b[32mpass\u001b[39m  signature');
  });
});

test('whoever reads only the beginning of the output sees no error', async () => {
  const { code, stderr } = await cliUnread(['explain', await goodToken(), '--at', AT]);

  expect(stderr).toBe('');
  expect(code).toBe(0);
});
