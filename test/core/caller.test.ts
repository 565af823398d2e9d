import {
  type AudienceRule,
  allOf,
  anyCaller,
  anyOf,
  type Caller,
  type CallerRule,
  type GoogleIdTokenClaims,
  user,
} from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { callerOf } from '../../packages/core/src/caller.ts';
import { AUDIENCE, createVerifier, idToken, SENDER, SHARED_AUDIENCES } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';
import { SERVICE_AGENTS } from './service-agents.ts';

const SUB = '112010400000000710080';

describe('the caller is a service account', () => {
  test.each<[string, string, string | undefined]>([
    ['that you made', 'sender@my-project.iam.gserviceaccount.com', 'my-project'],
    ['of a project of the old kind', 'sender@my-project.example.com.iam.gserviceaccount.com', 'example.com:my-project'],
    ['of App Engine', 'my-project@appspot.gserviceaccount.com', 'my-project'],
    [
      'of App Engine in a project of the old kind',
      'my-project.example.com@appspot.gserviceaccount.com',
      'example.com:my-project',
    ],
    ['of Compute Engine, by default', '1071284184436-compute@developer.gserviceaccount.com', undefined],
    ["of Google's APIs", '1071284184436@cloudservices.gserviceaccount.com', undefined],
    ['of Cloud Build', '1071284184436@cloudbuild.gserviceaccount.com', undefined],
    ['of Google Chat', 'chat@system.gserviceaccount.com', undefined],
    ['that is a service agent', 'service-1071284184436@gcp-sa-pubsub.iam.gserviceaccount.com', undefined],
    ['that is an older service agent', 'service-1071284184436@compute-system.iam.gserviceaccount.com', undefined],
    [
      'that is a service agent of an organization',
      'service-org-1@gcp-sa-cloudasset.iam.gserviceaccount.com',
      undefined,
    ],
    [
      "of BigQuery's keys, in a project of Google's",
      'bq-1071284184436@bigquery-encryption.iam.gserviceaccount.com',
      undefined,
    ],
    ['of Storage Transfer', 'project-1071284184436@storage-transfer-service.iam.gserviceaccount.com', undefined],
    ['of a folder', 'service-folder-1071284184436@security-center-api.iam.gserviceaccount.com', undefined],
    [
      'in a project named after one of Google',
      'sender@my-bigquery-encryption.iam.gserviceaccount.com',
      'my-bigquery-encryption',
    ],
    ['whose name is like that of an agent', 'service-1a@my-project.iam.gserviceaccount.com', 'my-project'],
    ['whose name ends like that of an agent', 'my-service-1@my-project.iam.gserviceaccount.com', 'my-project'],
    ['of a project whose id ends like that of an agent', 'a@my-gcp-sa-.iam.gserviceaccount.com', 'my-gcp-sa-'],
    ['without a subdomain', 'sender@gserviceaccount.com', undefined],
    ['of a kind that Google may add', 'sender@my-project.iam.other.gserviceaccount.com', undefined],
  ])('%s: %s', (_, email, projectId) => {
    expect(callerOf(claims({ email, email_verified: true }))).toStrictEqual({
      kind: 'service_account',
      uniqueId: SUB,
      email,
      ...(projectId === undefined ? {} : { projectId }),
    });
  });

  test("that is one of Google's own agents, all of them: no project of theirs is the caller's", () => {
    expect(SERVICE_AGENTS).toHaveLength(317);
    for (const email of SERVICE_AGENTS) {
      expect(callerOf(claims({ email, email_verified: true }))).toStrictEqual({
        kind: 'service_account',
        uniqueId: SUB,
        email,
      });
    }
  });

  test('if an instance asked for the token, even where its e-mail is not in it', () => {
    const google = { compute_engine: { project_id: 'my-project', instance_id: '5055893581146000589' } };

    expect(callerOf(claims({ google }))).toStrictEqual({
      kind: 'service_account',
      uniqueId: SUB,
      projectId: 'my-project',
    });
  });

  test('of the project that its e-mail names, where that is not the project of the instance', () => {
    const google = { compute_engine: { project_id: 'project-of-the-vm' } };
    const email = 'sender@project-of-the-account.iam.gserviceaccount.com';

    expect(callerOf(claims({ google, email, email_verified: true }))).toMatchObject({
      email,
      projectId: 'project-of-the-account',
    });
  });

  test.each([
    '1071284184436-compute@developer.gserviceaccount.com',
    'sender@other.iam.gserviceaccount.com.example.net',
  ])('of the project of the instance, where its e-mail names none: %s', (email) => {
    const google = { compute_engine: { project_id: 'my-project' } };

    expect(callerOf(claims({ google, email, email_verified: true }))).toMatchObject({ email, projectId: 'my-project' });
  });
});

describe('the caller is a person', () => {
  test('with a consumer account', () => {
    expect(callerOf(claims({ email: 'zoe@gmail.com', email_verified: true }))).toStrictEqual({
      kind: 'user',
      subject: SUB,
      email: 'zoe@gmail.com',
    });
  });

  test('with an account of a Workspace domain', () => {
    expect(callerOf(claims({ email: 'zoe@example.com', email_verified: true, hd: 'example.com' }))).toStrictEqual({
      kind: 'user',
      subject: SUB,
      email: 'zoe@example.com',
      hostedDomain: 'example.com',
    });
  });

  test.each([
    'sender@my-project.iam.gserviceaccount.com.example.net',
    'sender@my-project.iam.notgserviceaccount.com',
    'sender@my-project.iam.gserviceaccount.co',
    'sender@MY-PROJECT.IAM.GSERVICEACCOUNT.COM',
    'sender@gserviceaccount.com@example.net',
    'sender@another@my-project.iam.gserviceaccount.com',
    'gserviceaccount.com@example.net',
  ])('if the e-mail only looks like that of a service account: %s', (email) => {
    expect(callerOf(claims({ email, email_verified: true }))).toStrictEqual({ kind: 'user', subject: SUB, email });
  });
});

describe('the caller is known by subject only', () => {
  test.each<[string, Record<string, unknown>]>([
    ['if the token has no e-mail', {}],
    ['if the e-mail is not verified', { email: 'zoe@gmail.com', email_verified: false }],
    ['if the token does not say whether it is', { email: 'zoe@gmail.com' }],
    ['if the token says so in another type', { email: 'zoe@gmail.com', email_verified: 'true' }],
    ['if the e-mail is not a text', { email: ['zoe@gmail.com'], email_verified: true }],
    [
      'if the e-mail of a service account is not verified',
      { email: 'sender@my-project.iam.gserviceaccount.com', email_verified: false },
    ],
    ['if "google" tells of no instance', { google: { organization_number: 12345 } }],
    ['if "google" is null', { google: null }],
    ['if the instance is no object', { google: { compute_engine: 'worker-1' } }],
    ['if the Workspace domain stands alone', { hd: 'example.com' }],
  ])('%s', (_, more) => {
    expect(callerOf(claims(more))).toStrictEqual({ kind: 'subject', subject: SUB });
  });
});

test('a handler can switch on the kind of the caller', async () => {
  const nameOf = (caller: Caller): string => {
    switch (caller.kind) {
      case 'service_account':
        return caller.email ?? caller.uniqueId;
      case 'user':
        return caller.email;
      case 'subject':
        return caller.subject;
    }
  };
  const { caller } = await createVerifier().verify(await idToken());

  expect(nameOf(caller)).toBe(SENDER.email);
});

const yes: CallerRule = () => true;
const yesLater: CallerRule = () => Promise.resolve(true);
const no: CallerRule = () => 'Not on Sundays.';

describe('a rule of your own', () => {
  test('gets the verified token', async () => {
    const seen: unknown[] = [];
    const rule: CallerRule = (token) => {
      seen.push(token);
      return true;
    };

    const token = await createVerifier({ callers: rule }).verify(await idToken({ nonce: 'n-1' }));

    expect(seen).toEqual([token]);
    expect(token.claims.nonce).toBe('n-1');
  });

  test.each<[string, CallerRule]>([
    ['true', yes],
    ['a promise of true', yesLater],
  ])('that returns %s lets the caller in', async (_, rule) => {
    const token = await createVerifier({ callers: rule }).verify(await idToken());

    expect(token.claims.sub).toBe(SENDER.sub);
  });

  test.each<[string, CallerRule]>([
    ['a sentence', no],
    ['a promise of a sentence', async () => 'Not on Sundays.'],
  ])('that returns %s refuses the caller, and the operator reads it', async (_, rule) => {
    const token = await idToken();

    const refusal = await refusalOf(() => createVerifier({ callers: rule }).verify(token));

    expect(refusal).toMatchObject({
      code: 'caller_not_allowed',
      status: 403,
      message: 'The caller is not allowed.',
      hint: 'Not on Sundays.',
    });
  });

  test.each<[string, unknown]>([
    ['false', false],
    ['undefined, as a rule without return', undefined],
    ['null', null],
    ['1', 1],
    ['an object', {}],
    ['a Boolean object', Object(true)],
    ['a promise of 1', Promise.resolve(1)],
    ['a function that says true', () => true],
  ])('that returns %s refuses the caller: only true is a yes', async (_, answer) => {
    const token = await idToken();
    const callers = (() => answer) as CallerRule;

    const refusal = await refusalOf(() => createVerifier({ callers }).verify(token));

    expect(refusal).toMatchObject({ code: 'caller_not_allowed', hint: 'A caller rule did not say yes.' });
  });

  test('that returns "true" as a text refuses the caller', async () => {
    const token = await idToken();
    const callers = (() => 'true') as CallerRule;

    expect(await refusalOf(() => createVerifier({ callers }).verify(token))).toMatchObject({
      code: 'caller_not_allowed',
      hint: 'true',
    });
  });

  test.each<[string, (fault: Error) => CallerRule]>([
    [
      'that throws',
      (fault) => () => {
        throw fault;
      },
    ],
    ['that rejects', (fault) => () => Promise.reject(fault)],
  ])('%s does not refuse the caller: its fault fails the request', async (_, broken) => {
    const fault = new Error('The directory is down.');
    const token = await idToken();

    await expect(createVerifier({ callers: broken(fault) }).verify(token)).rejects.toBe(fault);
    await expect(createVerifier({ callers: anyOf(broken(fault), yes) }).verify(token)).rejects.toBe(fault);
    await expect(createVerifier({ callers: allOf(yes, broken(fault)) }).verify(token)).rejects.toBe(fault);
  });
});

describe.each<[string, (...rules: CallerRule[]) => CallerRule | CallerRule[]]>([
  ['a list of rules', (...rules) => rules],
  ['anyOf', anyOf],
])('%s', (_, combine) => {
  test('lets the caller in whom one of them lets in', async () => {
    const verifier = createVerifier({ callers: combine(no, yesLater) });

    await expect(verifier.verify(await idToken())).resolves.toMatchObject({ claims: SENDER });
  });

  test('asks no further once one has said yes', async () => {
    const asked: string[] = [];
    const first = recorded('first', 'No.', asked);
    const second = recorded('second', true, asked);
    const third = recorded('third', true, asked);

    await createVerifier({ callers: combine(first, second, third) }).verify(await idToken());

    expect(asked).toEqual(['first', 'second']);
  });

  test('asks no further once one that takes its time has said yes', async () => {
    const asked: string[] = [];
    const later = (name: string, answer: true | string): CallerRule => {
      const rule = recorded(name, answer, asked);
      return async (token) => rule(token);
    };
    const callers = combine(later('first', 'No.'), later('second', true), later('third', 'No.'));

    await createVerifier({ callers }).verify(await idToken());

    expect(asked).toEqual(['first', 'second']);
  });

  test('refuses with the reasons of all, also of those that take their time', async () => {
    const token = await idToken();
    const callers = combine(
      () => 'Not a friend.',
      async () => 'Not on Sundays.',
      () => 'Not at night.',
      async () => 'Not today.',
    );

    expect(await refusalOf(() => createVerifier({ callers }).verify(token))).toMatchObject({
      code: 'caller_not_allowed',
      hint: 'Not a friend. Not on Sundays. Not at night. Not today.',
    });
  });

  test('refuses with the reasons of all', async () => {
    const token = await idToken();
    const callers = combine(
      () => 'Not a friend.',
      () => 'Not on Sundays.',
    );

    expect(await refusalOf(() => createVerifier({ callers }).verify(token))).toMatchObject({
      code: 'caller_not_allowed',
      hint: 'Not a friend. Not on Sundays.',
    });
  });
});

describe.each<[string, CallerRule]>([
  ['that answer at once', () => 'No.'],
  ['that take their time', async () => 'No.'],
  ['of both kinds', answeringNowAndThen()],
])('as many rules as there are accounts, %s,', (_, rule) => {
  const many = Array.from({ length: 20_000 }, () => rule);

  test('refuse with the reasons of the first five', async () => {
    const token = await idToken();

    expect(await refusalOf(() => createVerifier({ callers: many }).verify(token))).toMatchObject({
      code: 'caller_not_allowed',
      hint: 'No. No. No. No. No. And 19995 more rules said no.',
    });
  });

  test('let the caller in whom the last one lets in', async () => {
    const verifier = createVerifier({ callers: anyOf(...many, yes) });

    await expect(verifier.verify(await idToken())).resolves.toMatchObject({ claims: SENDER });
  });
});

describe('allOf', () => {
  test('lets the caller in whom all of them let in', async () => {
    const verifier = createVerifier({ callers: allOf(yes, yesLater) });

    await expect(verifier.verify(await idToken())).resolves.toMatchObject({ claims: SENDER });
  });

  test('refuses with the first reason, and asks no further', async () => {
    const token = await idToken();
    const asked: string[] = [];
    const callers = allOf(recorded('first', true, asked), no, recorded('third', true, asked));

    expect(await refusalOf(() => createVerifier({ callers }).verify(token))).toMatchObject({ hint: 'Not on Sundays.' });
    expect(asked).toEqual(['first']);
  });

  test('refuses where one of them returns anything but true', async () => {
    const token = await idToken();
    const callers = allOf(yes, (() => 1) as unknown as CallerRule);

    expect(await refusalOf(() => createVerifier({ callers }).verify(token))).toMatchObject({
      code: 'caller_not_allowed',
      hint: 'A caller rule did not say yes.',
    });
  });

  test('goes together with anyOf', async () => {
    const token = await idToken();

    await createVerifier({ callers: anyOf(allOf(yes, no), allOf(yes, yes)) }).verify(token);
    expect(await refusalOf(() => createVerifier({ callers: allOf(yes, anyOf(no, no)) }).verify(token))).toMatchObject({
      hint: 'Not on Sundays. Not on Sundays.',
    });
  });
});

describe.each([
  ['anyOf()', anyOf],
  ['allOf()', allOf],
])('%s', (name, combine) => {
  test.each<[string, unknown[]]>([
    ['no rule', []],
    ['undefined', [undefined]],
    ['an e-mail', ['sender@my-project.iam.gserviceaccount.com']],
    ['a list of rules', [[yes]]],
    ['something else beside a rule', [yes, true]],
  ])('must not be given %s', (_, rules) => {
    const build = () => combine(...(rules as CallerRule[]));

    expect(build).toThrow(TypeError);
    expect(build).toThrow(name);
  });

  test.each<[string, unknown[], string]>([
    ['nothing', [], "serviceAccount('sender@project.iam.gserviceaccount.com')"],
    ['no rule', [undefined], "serviceAccount('sender@project.iam.gserviceaccount.com')"],
    ['an e-mail', ['a@b.iam.gserviceaccount.com'], "serviceAccount('a@b.iam.gserviceaccount.com')"],
    ['an e-mail behind a rule', [yes, 'a@b.iam.gserviceaccount.com'], "serviceAccount('a@b.iam.gserviceaccount.com')"],
    ["a person's e-mail", ['zoe@example.com'], "user('zoe@example.com')"],
  ])('given %s, says what to write', (_, rules, rule) => {
    expect(() => combine(...(rules as CallerRule[]))).toThrow(
      new TypeError(`${name} needs at least one caller rule, such as ${rule}, or anyCaller.`),
    );
  });
});

describe('anyCaller', () => {
  test('lets in whomever Google signed a token for', async () => {
    const verifier = createVerifier({ callers: anyCaller });

    const { caller } = await verifier.verify(await idToken({ sub: '1', email: undefined }));

    expect(caller).toEqual({ kind: 'subject', subject: '1' });
  });

  test.each(SHARED_AUDIENCES)(
    'lets nobody in with the audience that all users of %s share: another rule must say who',
    async (sharers, aud) => {
      const audience: AudienceRule = (value) => value === aud;
      const token = await idToken({ aud, email: 'stranger@gmail.com', email_verified: true });

      const refusal = await refusalOf(() => createVerifier({ audience, callers: anyCaller }).verify(token));

      expect(refusal).toMatchObject({
        code: 'caller_not_allowed',
        status: 403,
        hint: `The token is for the audience that all users of ${sharers} share. Say who may call: user(…), workspaceDomain(…) or subject(…) in place of anyCaller.`,
      });
      await createVerifier({ audience, callers: user('stranger@gmail.com') }).verify(token);
    },
  );

  test.each(['.apps.googleusercontent.com', 'toString.apps.googleusercontent.com', '32555940559', 'gcloud'])(
    'lets callers in with an audience that only looks like one of them: %s',
    async (aud) => {
      const verifier = createVerifier({ audience: aud, callers: anyCaller });

      expect((await verifier.verify(await idToken({ aud }))).claims.aud).toBe(aud);
    },
  );
});

/** The claims of a verified token, with these in addition; the types are what Google documents, and are not checked. */
function claims(more: Record<string, unknown>): GoogleIdTokenClaims {
  return { iss: 'https://accounts.google.com', aud: AUDIENCE, sub: SUB, iat: 0, exp: 3600, ...more };
}

function recorded(name: string, answer: true | string, asked: string[]): CallerRule {
  return () => {
    asked.push(name);
    return answer;
  };
}

function answeringNowAndThen(): CallerRule {
  let asked = 0;
  return () => {
    asked += 1;
    return asked % 2 === 0 ? 'No.' : Promise.resolve('No.');
  };
}
