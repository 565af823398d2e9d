import {
  type CallerRule,
  type ComputeInstance,
  computeInstance,
  type GoogleIdToken,
  serviceAccount,
  subject,
  user,
  workspaceDomain,
} from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { callerOf } from '../../packages/core/src/caller.ts';
import { SERVICE_AGENTS } from './service-agents.ts';

const ACCOUNT = 'sender@my-project.iam.gserviceaccount.com';
const ACCOUNT_ID = '101010101010101010101';
const PERSON = 'zoe@example.com';
const PERSON_ID = '109876543210987654321';

/** Claims, and what the rule answers: `true`, or a part of the sentence for the operator. */
type Row = [title: string, claims: Record<string, unknown>, answer: true | string];

describe('serviceAccount(e-mail)', () => {
  answers(serviceAccount('other@my-project.iam.gserviceaccount.com', ACCOUNT), [
    ['the account', { email: ACCOUNT, email_verified: true }, true],
    [
      'another account',
      { email: 'stranger@my-project.iam.gserviceaccount.com', email_verified: true },
      `The caller "stranger@my-project.iam.gserviceaccount.com" is not an allowed service account, expected "other@my-project.iam.gserviceaccount.com" or "${ACCOUNT}".`,
    ],
    ['the account, not verified', { email: ACCOUNT, email_verified: false }, `The e-mail "${ACCOUNT}"`],
    ['the account, verified as a text', { email: ACCOUNT, email_verified: 'true' }, 'is not verified'],
    ['the account, verified as a number', { email: ACCOUNT, email_verified: 1 }, 'is not verified'],
    ['the account, without a word on verified', { email: ACCOUNT }, '("email_verified" is not true)'],
    ['no e-mail', { sub: ACCOUNT_ID }, 'The token has no e-mail to compare.'],
    ['an e-mail in a list', { email: [ACCOUNT], email_verified: true }, 'is not an allowed service account'],
    ['upper case in the name', { email: `S${ACCOUNT.slice(1)}`, email_verified: true }, 'is not an allowed'],
    ['upper case in the domain', { email: ACCOUNT.replace('.com', '.COM'), email_verified: true }, 'is not an allowed'],
    ['a suffix behind', { email: `${ACCOUNT}.example.net`, email_verified: true }, 'is not an allowed'],
    ['a dot behind', { email: `${ACCOUNT}.`, email_verified: true }, 'is not an allowed'],
    ['a line break behind', { email: `${ACCOUNT}\n`, email_verified: true }, String.raw`.com\n"`],
    ['a letter that looks like ours', { email: ACCOUNT.replace('e', 'е'), email_verified: true }, 'is not an allowed'],
    ['the e-mail as the subject', { sub: ACCOUNT }, 'The token has no e-mail to compare.'],
    ['the account with an "hd", even null', { email: ACCOUNT, email_verified: true, hd: null }, 'is a person'],
    ['the same name in another project', { email: ACCOUNT.replace('my', 'their'), email_verified: true }, 'is not an'],
    [
      'a person of a Workspace domain whose e-mail is spelled the same',
      { email: ACCOUNT, email_verified: true, hd: 'my-project.iam.gserviceaccount.com' },
      `The caller "${ACCOUNT}" is a person: the token has a Workspace domain ("hd").`,
    ],
  ]);

  test('tells, for each library, how a caller without e-mail gets one', async () => {
    const answer = await ask(serviceAccount(ACCOUNT), {});

    for (const fix of ['format=full', 'includeEmail: true', '--include-email', 'include_email=True', 'FORMAT_FULL']) {
      expect(answer).toContain(fix);
    }
  });
});

describe('user(), and a token without e-mail', () => {
  test('that an OAuth client has got: says which scopes it must ask for', async () => {
    const answer = await ask(user(PERSON), { aud: '1234567890-web.apps.googleusercontent.com' });

    expect(answer).toBe('The token has no e-mail to compare: let the client ask for the scopes openid and email.');
  });

  test('for any other audience: says how a caller gets one', async () => {
    for (const aud of ['https://api.example.com', 'https://x.example/.apps.googleusercontent.com/']) {
      expect(await ask(user(PERSON), { aud })).toContain('Impersonation: includeEmail: true');
    }
  });

  test('that has one, though not verified, is told so', async () => {
    const aud = '1234567890-web.apps.googleusercontent.com';

    expect(await ask(user(PERSON), { aud, email: PERSON })).toContain('is not verified');
  });
});

test("serviceAccount() takes each of Google's own agents for one, and lets in no other", async () => {
  for (const [index, email] of SERVICE_AGENTS.entries()) {
    const rule = serviceAccount(email);

    expect(await ask(rule, { email, email_verified: true })).toBe(true);
    expect(await ask(rule, { email: SERVICE_AGENTS.at(index - 1), email_verified: true })).not.toBe(true);
  }
});

describe('serviceAccount(unique id)', () => {
  answers(serviceAccount(ACCOUNT_ID), [
    ['the account, without e-mail', { sub: ACCOUNT_ID }, true],
    ['the account, whatever its e-mail', { sub: ACCOUNT_ID, email: 'x', email_verified: false }, true],
    ['another account', { sub: '1' }, 'The caller is not an allowed service account.'],
    [
      'a new account with the e-mail of the old one',
      { sub: '1', email: ACCOUNT, email_verified: true },
      `The caller "${ACCOUNT}" is not an allowed service account, expected "${ACCOUNT_ID}".`,
    ],
    ['an id that begins like ours', { sub: `${ACCOUNT_ID}0` }, 'is not an allowed service account'],
    ['the id as an e-mail', { sub: '1', email: ACCOUNT_ID, email_verified: false }, 'is not verified'],
  ]);

  test('and e-mails go together', async () => {
    const rule = serviceAccount(ACCOUNT_ID, 'other@my-project.iam.gserviceaccount.com');

    expect(await ask(rule, { sub: ACCOUNT_ID })).toBe(true);
    expect(await ask(rule, { email: 'other@my-project.iam.gserviceaccount.com', email_verified: true })).toBe(true);
    expect(await ask(rule, {})).toContain('The token has no e-mail to compare.');
  });
});

describe('user', () => {
  answers(user(PERSON, 'max@gmail.com'), [
    ['the person', { email: PERSON, email_verified: true }, true],
    ['another allowed person', { email: 'max@gmail.com', email_verified: true }, true],
    ['the person of a Workspace domain', { email: PERSON, email_verified: true, hd: 'example.com' }, true],
    [
      'another person',
      { email: 'eve@example.com', email_verified: true },
      'The caller "eve@example.com" is not an allowed user, expected',
    ],
    [
      'the person, not verified',
      { email: PERSON, email_verified: false },
      `The e-mail "${PERSON}" of the caller is not`,
    ],
    ['the person, verified as a text', { email: PERSON, email_verified: 'true' }, 'is not verified'],
    ['the person, without a word on verified', { email: PERSON }, 'is not verified'],
    ['the person in upper case', { email: 'ZOE@EXAMPLE.COM', email_verified: true }, 'is not an allowed user'],
    ['a tagged address', { email: 'zoe+tag@example.com', email_verified: true }, 'is not an allowed user'],
    ['a domain behind', { email: `${PERSON}.net`, email_verified: true }, 'is not an allowed user'],
    ['no e-mail', { sub: PERSON_ID }, 'The token has no e-mail to compare.'],
  ]);
});

describe('workspaceDomain', () => {
  answers(workspaceDomain('example.com', 'example.org'), [
    ['a member', { hd: 'example.com', email: PERSON, email_verified: true }, true],
    ['a member of the other domain', { hd: 'example.org' }, true],
    ['a member with an e-mail of another domain', { hd: 'example.com', email: 'zoe@example.net' }, true],
    [
      'a consumer account with an e-mail of the domain',
      { email: PERSON, email_verified: true },
      'the token has no "hd"',
    ],
    [
      'a service account',
      { email: ACCOUNT, email_verified: true },
      'Service accounts and consumer accounts have none.',
    ],
    ['a member of another domain', { hd: 'example.net' }, 'belongs to another Workspace domain ("hd")'],
    ['a member of a domain below', { hd: 'eu.example.com' }, 'belongs to another Workspace domain'],
    ['a domain that ends like ours', { hd: 'notexample.com' }, 'belongs to another Workspace domain'],
    ['the domain in upper case', { hd: 'EXAMPLE.COM' }, 'belongs to another Workspace domain'],
    ['the domain in a list', { hd: ['example.com'] }, 'belongs to another Workspace domain'],
    ['an empty domain', { hd: '' }, 'belongs to another Workspace domain'],
  ]);
});

describe('subject', () => {
  answers(subject(PERSON_ID, ACCOUNT_ID), [
    ['the person', { sub: PERSON_ID }, true],
    ['the account', { sub: ACCOUNT_ID }, true],
    ['somebody else', { sub: '1' }, 'The "sub" of the token is not an allowed one.'],
    ['the id in another claim', { sub: '1', azp: PERSON_ID }, 'The "sub"'],
    ['an id with a zero in front', { sub: `0${PERSON_ID}` }, 'The "sub"'],
  ]);
});

const INSTANCE = {
  project_id: 'my-project',
  project_number: 1071284184436,
  zone: 'us-central1-a',
  instance_id: '5055893581146000589',
  instance_name: 'worker-1',
  instance_creation_timestamp: 1624116928,
  license_id: ['1001', '1002'],
};

const projectNumber = INSTANCE.project_number;

describe('computeInstance', () => {
  describe.each<[ComputeInstance, ComputeInstance]>([
    [{ projectId: 'my-project' }, { projectId: 'their-project' }],
    [{ projectNumber: 1071284184436 }, { projectNumber: 1071284184437 }],
    [
      { zone: 'us-central1-a', projectNumber },
      { zone: 'us-central1-b', projectNumber },
    ],
    [{ instanceId: '5055893581146000589' }, { instanceId: '5055893581146000588' }],
    [
      { instanceName: 'worker-1', projectNumber },
      { instanceName: 'worker-10', projectNumber },
    ],
    [
      { licenseId: '1002', projectNumber },
      { licenseId: '100', projectNumber },
    ],
  ])('%o', (same, other) => {
    const name = Object.keys(same)[0];

    test('lets the instance in of which it is true', async () => {
      expect(await ask(computeInstance(same), { google: { compute_engine: INSTANCE } })).toBe(true);
    });

    test('refuses any other', async () => {
      const answer = await ask(computeInstance(other), { google: { compute_engine: INSTANCE } });

      expect(answer).toBe(`The instance is another one: ${name} differs.`);
    });

    test('refuses an instance of which the token does not tell it', async () => {
      const answer = await ask(computeInstance(same), { google: { compute_engine: {} } });

      expect(answer).toBe(
        `The instance is another one: ${name} differs.${name === 'licenseId' ? ' The token tells no licenses: ask the metadata server for them with licenses=TRUE. The library for Java asks for license=TRUE in vain, at least in 0.18.' : ''}`,
      );
    });
  });

  describe('with several members', () => {
    const { projectId, zone, instanceId } = { projectId: 'my-project', zone: 'us-central1-a', instanceId: '1' };

    test('lets the instance in of which all are true', async () => {
      expect(await ask(computeInstance({ projectId, zone }), { google: { compute_engine: INSTANCE } })).toBe(true);
    });

    test('refuses an instance of which one is not, and says which', async () => {
      const rule = computeInstance({ projectId, zone, instanceId });

      expect(await ask(rule, { google: { compute_engine: INSTANCE } })).toContain('instanceId differs');
    });
  });

  answers(computeInstance({ projectNumber: 1071284184436, licenseId: '1001' }), [
    ['the instance', { google: { compute_engine: INSTANCE } }, true],
    ['a token without instance', {}, 'format=full'],
    ['a token of a service account with organization', { google: { organization_number: 1 } }, 'format=full'],
    ['a token whose "google" is null', { google: null }, 'format=full'],
    ['an instance that is a text', { google: { compute_engine: 'worker-1' } }, 'format=full'],
    ['an instance at the wrong level', { google: INSTANCE }, 'format=full'],
    ['a project number as text', instance({ project_number: '1071284184436' }), 'projectNumber differs'],
    ['one license that is not in a list', instance({ license_id: '1001' }), 'licenseId differs'],
    ['licenses as numbers', instance({ license_id: [1001] }), 'licenseId differs'],
    ['no licenses', instance({ license_id: undefined }), 'licenseId differs'],
  ]);

  test('copies what it is given: what changes later does not count', async () => {
    const wanted = { projectNumber, instanceName: 'worker-2' };
    const rule = computeInstance(wanted);

    wanted.instanceName = 'worker-1';

    expect(await ask(rule, { google: { compute_engine: INSTANCE } })).toContain('instanceName differs');
  });
});

describe('wrong configuration is a TypeError that names', () => {
  test.each<[string, string, () => CallerRule]>([
    ['serviceAccount()', 'nobody', () => serviceAccount()],
    ['serviceAccount()', 'an unset environment variable', () => serviceAccount(undefined as never)],
    ['serviceAccount()', 'a number', () => serviceAccount(Number(ACCOUNT_ID) as never)],
    ['serviceAccount()', 'a list', () => serviceAccount([ACCOUNT] as never)],
    ['serviceAccount()', 'a RegExp', () => serviceAccount(/.*/ as never)],
    ['serviceAccount()', 'an empty text', () => serviceAccount('')],
    ['serviceAccount()', "a person's e-mail", () => serviceAccount('zoe@example.com')],
    ['serviceAccount()', 'a wildcard for a domain', () => serviceAccount('*.gserviceaccount.com')],
    ['serviceAccount()', 'a name alone', () => serviceAccount('sender')],
    ['serviceAccount()', 'an e-mail with white space behind', () => serviceAccount(`${ACCOUNT} `)],
    ['serviceAccount()', 'an e-mail with white space in front', () => serviceAccount(` ${ACCOUNT}`)],
    ['serviceAccount()', 'two e-mails in one text', () => serviceAccount(`${ACCOUNT},${ACCOUNT}`)],
    ['serviceAccount()', 'two e-mails with a space between', () => serviceAccount(`a ${ACCOUNT}`)],
    ['serviceAccount()', 'a member as IAM writes it', () => serviceAccount(`serviceAccount:${ACCOUNT}`)],
    ['serviceAccount()', 'a domain in upper case', () => serviceAccount(ACCOUNT.toUpperCase())],
    ['serviceAccount()', 'an id with white space', () => serviceAccount(`${ACCOUNT_ID}\n`)],
    ['serviceAccount()', 'a good one and a bad one', () => serviceAccount(ACCOUNT, 'zoe@example.com')],
    ['user()', 'nobody', () => user()],
    ['user()', 'an unset environment variable', () => user(undefined as never)],
    ['user()', 'an e-mail of a service account', () => user(ACCOUNT)],
    ['user()', 'a name alone', () => user('zoe')],
    ['user()', 'a member as IAM writes it', () => user(`user:${PERSON}`)],
    ['user()', 'a domain', () => user('@example.com')],
    ['user()', 'an e-mail with white space', () => user(`${PERSON} `)],
    ['user()', 'two e-mails in one text', () => user(`${PERSON} ${PERSON}`)],
    ['workspaceDomain()', 'nothing', () => workspaceDomain()],
    ['workspaceDomain()', 'an unset environment variable', () => workspaceDomain(undefined as never)],
    ['workspaceDomain()', 'an e-mail', () => workspaceDomain(PERSON)],
    ['workspaceDomain()', 'a domain with @', () => workspaceDomain('@example.com')],
    ['workspaceDomain()', 'a domain in upper case', () => workspaceDomain('Example.com')],
    ['workspaceDomain()', 'a wildcard', () => workspaceDomain('*.example.com')],
    ['workspaceDomain()', 'a word', () => workspaceDomain('example')],
    ['workspaceDomain()', 'a domain with white space', () => workspaceDomain(' example.com')],
    ['workspaceDomain()', 'a domain with a path', () => workspaceDomain('example.com/')],
    ['subject()', 'nobody', () => subject()],
    ['subject()', 'an unset environment variable', () => subject(undefined as never)],
    ['subject()', 'an e-mail', () => subject(PERSON)],
    ['subject()', 'a number, which cannot hold an id', () => subject(Number(PERSON_ID) as never)],
    ['subject()', 'an empty text', () => subject('')],
    ['subject()', 'an id with white space', () => subject(` ${PERSON_ID}`)],
    ['computeInstance()', 'nothing', () => computeInstance(undefined as never)],
    ['computeInstance()', 'null', () => computeInstance(null as never)],
    ['computeInstance()', 'an object without members', () => computeInstance({})],
    [
      'projectId, projectNumber or instanceId',
      'a name that anybody can use',
      () => computeInstance({ instanceName: 'a' }),
    ],
    ['computeInstance()', 'a text', () => computeInstance('worker-1' as never)],
    ['unknown option "name"', 'a misspelt member', () => computeInstance({ name: 'worker-1' } as ComputeInstance)],
    [
      'unknown option "toString"',
      'a name of every object',
      () => computeInstance({ toString: 'x' } as ComputeInstance),
    ],
    ['"projectId"', 'an unset environment variable', () => computeInstance({ projectId: undefined as never })],
    ['"projectId"', 'an empty text', () => computeInstance({ projectId: '' })],
    ['"zone"', 'a text with white space', () => computeInstance({ zone: ' us-central1-a' })],
    ['"zone"', 'two words', () => computeInstance({ projectId: 'my-project', zone: 'us-central1-a b' })],
    ['"projectNumber"', '0', () => computeInstance({ projectNumber: 0 })],
    ['"projectNumber"', 'half a number', () => computeInstance({ projectNumber: 1.5 })],
    ['"zone"', 'a RegExp', () => computeInstance({ zone: /us-.*/ as never })],
    [
      '"instanceId"',
      'a number, which cannot hold an id',
      () => computeInstance({ instanceId: Number(INSTANCE.instance_id) as never }),
    ],
    ['"instanceName"', 'null', () => computeInstance({ instanceName: null as never })],
    ['"licenseId"', 'a list', () => computeInstance({ licenseId: ['1001'] as never })],
    ['"projectNumber"', 'a text', () => computeInstance({ projectNumber: '1071284184436' as never })],
    ['"projectNumber"', 'NaN, as from an unset variable', () => computeInstance({ projectNumber: Number(undefined) })],
    ['"projectNumber"', 'a negative number', () => computeInstance({ projectNumber: -1 })],
  ])('%s, made from %s', (named, _, build) => {
    expect(build).toThrow(TypeError);
    expect(build).toThrow(named);
  });
});

test('a TypeError shows the value that is wrong, since it comes from the configuration', () => {
  expect(() => serviceAccount('zoe@example.com')).toThrow(
    new TypeError(
      'serviceAccount(): "zoe@example.com" is not a service account\'s e-mail or unique id (persons: user()).',
    ),
  );
});

test.each<[string, () => CallerRule]>([
  ['user(): "zoe" is not a person\'s e-mail.', () => user('zoe')],
  [
    `service account's e-mail or unique id (persons: user()). Write "${ACCOUNT}".`,
    () => serviceAccount(` ${ACCOUNT.toUpperCase()}\n`),
  ],
  [
    'e-mail or unique id (persons: user()). Is it read from an environment variable that is not set?',
    () => serviceAccount(' '),
  ],
  ['workspaceDomain(): "example" is not a domain such as "example.com".', () => workspaceDomain('example')],
  ['subject(): "zoe" is not a unique id (digits).', () => subject('zoe')],
  [
    'computeInstance() needs at least one of: projectId, projectNumber, zone, instanceId, instanceName, licenseId.',
    () => computeInstance({}),
  ],
  ['computeInstance(): "zone" must be a string.', () => computeInstance({ zone: 1 as never })],
  ['computeInstance(): "projectNumber" must be a number.', () => computeInstance({ projectNumber: '1' as never })],
])('a TypeError says what is expected: %s', (message, build) => {
  expect(build).toThrow(message);
});

test.each([
  'sender@gserviceaccount.com',
  'a.b_c-1@my-project.iam.gserviceaccount.com',
  'p@appspot.gserviceaccount.com',
])('serviceAccount() takes %s', async (email) => {
  expect(await ask(serviceAccount(email), { email, email_verified: true })).toBe(true);
});

test.each(['a.b.example.com', 'example.co', '1-2.example'])('workspaceDomain() takes %s', async (hd) => {
  expect(await ask(workspaceDomain(hd), { hd })).toBe(true);
});

function answers(rule: CallerRule, rows: Row[]): void {
  test.each(rows.filter(([, , answer]) => answer === true))('accepts %s', async (_, claims) => {
    expect(await ask(rule, claims)).toBe(true);
  });

  test.each(rows.filter(([, , answer]) => answer !== true))('refuses %s', async (_, claims, sentence) => {
    expect(await ask(rule, claims)).toContain(sentence);
  });
}

/** Asks a rule as the verifier does, once a token with these claims is verified. */
async function ask(rule: CallerRule, more: Record<string, unknown>): Promise<true | string> {
  const claims = {
    iss: 'https://accounts.google.com',
    aud: 'https://api.example.com',
    sub: '1',
    iat: 0,
    exp: 3600,
    ...more,
  };
  const token: GoogleIdToken = { claims, header: { alg: 'RS256', kid: 'key-1' }, caller: callerOf(claims) };
  return rule(token);
}

function instance(more: Record<string, unknown>): Record<string, unknown> {
  return { google: { compute_engine: { ...INSTANCE, ...more } } };
}
