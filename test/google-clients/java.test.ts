/*
 * Google's client library for Java, as Debian has it: the sample of Google's page "Get an ID token", with all its options.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCES, accepted, serviceFor } from './support/audiences.ts';
import { machine, output, program, works } from './support/program.ts';
import { AUDIENCE, HELLO_ROBOT, HELLO_VM, keyFile, serviceUrl } from './support/world.ts';

const PACKAGES = 'the Debian packages libgoogle-auth-java and default-jdk-headless';

/** What the library needs, where Debian puts it. */
const CLASS_PATH = [
  'google-auth-library-credentials',
  'google-auth-library-oauth2-http',
  'google-http-client',
  'google-http-client-gson',
  'google-http-client-jackson2',
  'jackson-core',
  'gson',
  'guava',
  'opencensus-api',
  'opencensus-contrib-http-util',
  'grpc-context',
  'httpclient',
  'httpcore',
  'commons-logging',
]
  .map((name) => `/usr/share/java/${name}.jar`)
  .join(':');

const isInstalled =
  works('javac', ['-version'], PACKAGES) &&
  works('ls', ['/usr/share/java/google-auth-library-oauth2-http.jar'], PACKAGES);

type Call = readonly [options: string, audience: string, url: string];

/** All in one process: to start one takes longer than all that it does. */
const OPTIONS = ['none', 'FORMAT_FULL', 'FORMAT_FULL,LICENSES_TRUE', 'LICENSES_TRUE'];
const CALLS: readonly Call[] = [
  ...OPTIONS.map((options): Call => [options, AUDIENCE, serviceUrl]),
  ['FORMAT_FULL', 'https://other.example.com', serviceUrl],
  ...AUDIENCES.map((each): Call => ['FORMAT_FULL', each.audience, serviceFor(each)]),
];

describe.skipIf(!isInstalled)('google-auth-library for Java', () => {
  let answers: unknown[];
  beforeAll(async () => {
    answers = await call(CALLS);
  });

  test.each([
    // By default the token is a standard one, without e-mail.
    ['none', { code: 'caller_not_allowed' }],
    ['FORMAT_FULL', HELLO_VM],
    ['FORMAT_FULL,LICENSES_TRUE', HELLO_VM],
    // The library asks for the full format too.
    ['LICENSES_TRUE', HELLO_VM],
  ])('calls the service as the virtual machine, with the options %s', (options, answer) => {
    expect(answers[OPTIONS.indexOf(options)]).toMatchObject(answer);
  });

  test('a token for another service is refused', () => {
    expect(answers[OPTIONS.length]).toMatchObject({ code: 'audience_mismatch' });
  });

  test.each(AUDIENCES)('gets a token for the audience with $name', (each) => {
    expect(answers[OPTIONS.length + 1 + AUDIENCES.indexOf(each)]).toEqual(accepted(each));
  });

  test('calls the service with the key file that GOOGLE_APPLICATION_CREDENTIALS names', async () => {
    const env = { ...machine, GOOGLE_APPLICATION_CREDENTIALS: keyFile };

    expect(await call([['none', AUDIENCE, serviceUrl]], env)).toMatchObject([HELLO_ROBOT]);
  });
});

async function call(calls: readonly Call[], env = machine): Promise<unknown[]> {
  const args = ['-cp', CLASS_PATH, program('Metadata.java'), ...calls.flat()];
  // Arguments with letters of other languages come in the encoding of the locale.
  const lines = (await output('java', args, { ...env, LC_ALL: 'C.UTF-8' })).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}
