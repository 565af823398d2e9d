import { listen } from '@id-token-guard/emulator';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AUDIENCE, google, post, SENDER } from './support/google.ts';
import { explain, mint } from './support/page-endpoints.ts';

const PERSON = 'ada@example.com';
const STEPS = ['form', 'key', 'signature', 'claims', 'issuer', 'audience', 'time', 'caller'];

describe('POST /page/explain', () => {
  test.each<[string, object]>([
    ['one audience and one caller', { audience: AUDIENCE, callers: SENDER }],
    ['several audiences', { audience: `https://other.example.com ${AUDIENCE}`, callers: SENDER }],
    ['URLs below the audience', { audience: 'https://api.example.com/', below: true, callers: SENDER }],
    ['several callers', { audience: AUDIENCE, callers: `${PERSON}, example.com,\n${SENDER}` }],
    ['any caller', { audience: AUDIENCE, callers: 'any' }],
  ])('accepts what a service accepts: %s', async (_, input) => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });

    const answer = await explain({ token, ...input });

    expect(answer).toEqual({ accepted: true, checks: STEPS.map((step) => ({ step, result: 'passed' })) });
  });

  test('knows callers by unique id, and persons by e-mail and domain', async () => {
    const machine = await mint({ sender: 'metadataServer', email: SENDER });
    const person = await mint({ sender: 'signInWithGoogle', email: PERSON, hostedDomain: 'example.com' });

    const subject = String(machine.claims['sub']);
    await expect(explain({ token: machine.token, audience: AUDIENCE, callers: subject })).resolves.toMatchObject({
      accepted: true,
    });
    for (const callers of [PERSON, 'example.com']) {
      await expect(explain({ token: person.token, audience: AUDIENCE, callers })).resolves.toMatchObject({
        accepted: true,
      });
    }
  });

  test.each<[input: object, step: string, status: number, code: string, hint: RegExp]>([
    [{ audience: `${AUDIENCE}/` }, 'audience', 401, 'audience_mismatch', /they differ only by a trailing slash/],
    [{ audience: `${AUDIENCE}/push`, below: true }, 'audience', 401, 'audience_mismatch', /did not accept it/],
    [{ callers: 'other@my-project.iam.gserviceaccount.com' }, 'caller', 403, 'caller_not_allowed', /not an allowed/],
    [{ callers: PERSON }, 'caller', 403, 'caller_not_allowed', /not an allowed user/],
  ])('tells why a service refuses, and the fix: %j', async (input, step, status, code, hint) => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });

    const answer = await explain({ token, audience: AUDIENCE, callers: SENDER, ...input });

    expect(answer).toMatchObject({ accepted: false, refusal: { status, code } });
    expect(answer.checks.filter(({ result }) => result !== 'passed')).toEqual([
      { step, result: 'failed', code, hint: expect.stringMatching(hint) },
    ]);
  });

  test('makes no check of what nobody has said', async () => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });

    const answer = await explain({ token, audience: ' ', callers: '' });

    expect(answer).toMatchObject({ accepted: false });
    expect(answer.refusal).toBeUndefined();
    expect(answer.checks.filter(({ result }) => result === 'not_checked').map(({ step }) => step)).toEqual([
      'audience',
      'caller',
    ]);
  });

  test.each<[input: object, field: string, error: RegExp]>([
    [{ audience: '*' }, 'audience', /no wildcards/],
    [{ audience: 'api.example.com', below: true }, 'audience', /urlsUnder\(\) takes/],
    [{ audience: '32555940559.apps.googleusercontent.com', callers: 'any' }, 'audience', /all users of gcloud share/],
    [{ callers: 'Ada' }, 'callers', /domain/],
    [{ callers: 'serviceAccount:a@b.iam.gserviceaccount.com' }, 'callers', /service account/],
    [{ below: 'yes' }, 'below', /true or false/],
    [{ token: 7 }, 'token', /text/],
  ])('says which option of the service is wrong: %j', async (input, field, error) => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });

    const answer = await post('/page/explain', { token, audience: AUDIENCE, callers: SENDER, ...input });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ field, error: expect.stringMatching(error) });
  });

  test('has the keys that are published now, and the clock of this machine', async () => {
    const own = await createFakeGoogle();
    const ownServer = await listen(own, { port: 0 });
    onTestFinished(() => ownServer.close());
    const input = { audience: AUDIENCE, callers: SENDER };

    const { token } = await mint({ sender: 'pubSub', email: SENDER }, ownServer.url);
    await own.rotateKeys();
    await expect(explain({ ...input, token }, ownServer.url)).resolves.toMatchObject({ accepted: true });
    await own.rotateKeys({ withdrawOld: true });
    await expect(explain({ ...input, token }, ownServer.url)).resolves.toMatchObject({
      refusal: { code: 'key_unknown' },
    });
    own.shiftTime(-7200);
    const late = await mint({ sender: 'pubSub', email: SENDER }, ownServer.url);
    await expect(explain({ ...input, token: late.token }, ownServer.url)).resolves.toMatchObject({
      refusal: { status: 401, code: 'token_expired' },
    });
  });

  test('asks for no keys: an outage that somebody plays, and the requests that a test counts, are those of a service', async () => {
    const { token } = await mint({ sender: 'pubSub', email: SENDER });
    const before = google.jwksRequests;
    google.answerWith('outage');
    onTestFinished(() => google.answerWith('ok'));

    const answer = await explain({ token, audience: AUDIENCE, callers: SENDER });

    expect([answer.accepted, google.jwksRequests]).toEqual([true, before]);
  });
});
