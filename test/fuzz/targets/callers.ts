import assert from 'node:assert/strict';
import { type CallerRule, type GoogleIdToken, serviceAccount, user, workspaceDomain } from '@id-token-guard/core';
import fc from 'fast-check';
import { callerOf } from '../../../packages/core/src/caller.ts';
import { CLAIMS, HEADER } from '../support/google.ts';
import { property, type Target } from '../target.ts';

export interface Rules {
  readonly account: CallerRule;
  readonly person: CallerRule;
  readonly domain: CallerRule;
}

const ACCOUNT = CLAIMS.email;
const PERSON = 'ada@example.com';
const DOMAIN = 'example.com';

const sound: Rules = { account: serviceAccount(ACCOUNT), person: user(PERSON), domain: workspaceDomain(DOMAIN) };

/** A name, or something that people, databases or Unicode take for the same. */
const near = (name: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(name) },
    fc.mixedCase(fc.constant(name)),
    fc.constantFrom(` ${name}`, `${name}\n`, `${name}.`, `${name}\0`, `x${name}`, `${name}.evil.example`, `<${name}>`),
    fc.constantFrom(name.replace('a', '\u0430'), name.replace('@', '+x@'), name.replace('@', '\uff20'), `"${name}"`),
    fc.constantFrom<unknown>([name], { email: name }, null, '', 0, true, name.replace('.', '')),
    fc
      .tuple(fc.nat({ max: name.length }), fc.string({ maxLength: 1 }))
      .map(([at, char]) => name.slice(0, at) + char + name.slice(at)),
  );

const changes = fc.record(
  {
    email: fc.oneof(near(ACCOUNT), near(PERSON)),
    email_verified: fc.oneof(fc.constant(true), fc.constantFrom('true', 1, false, null, 'false', [])),
    hd: near(DOMAIN),
    sub: near(ACCOUNT),
    azp: fc.constantFrom(ACCOUNT, PERSON),
    __proto__x: fc.constant(ACCOUNT),
    google: fc.oneof(fc.constant({ compute_engine: { project_id: 'my-project' } }), fc.jsonValue()),
  },
  { requiredKeys: ['email', 'email_verified'] },
);

export const callers: Target<Rules> = {
  name: 'caller rules',
  subject: sound,
  properties: [
    property({
      name: 'let in exactly whom they name, if Google vouches for the e-mail',
      values: changes,
      async check(rules: Rules, { sub = CLAIMS.sub, ...changed }) {
        const { iss, aud, iat, exp } = CLAIMS;
        const claims = JSON.parse(JSON.stringify({ iss, aud, iat, exp, sub, ...changed }));
        const token: GoogleIdToken = { claims, header: HEADER as GoogleIdToken['header'], caller: callerOf(claims) };
        const isVouchedFor = JSON.stringify(claims['email_verified']) === 'true';
        const expected = {
          account: isVouchedFor && claims['email'] === ACCOUNT && !('hd' in claims),
          person: isVouchedFor && claims['email'] === PERSON,
          domain: 'hd' in claims && claims['hd'] === DOMAIN,
        };
        const { account, person, domain } = rules;
        const [byAccount, byPerson, byDomain] = [await account(token), await person(token), await domain(token)];
        const actual = { account: byAccount === true, person: byPerson === true, domain: byDomain === true };
        assert.deepEqual(actual, expected);
        const yes = Object.entries(expected).filter(([, is]) => is);
        return yes.map(([name]) => name).join(' and ') || 'nobody';
      },
      outcomes: ['nobody', 'account', 'person', 'domain'],
      broken: {
        'does not mind email_verified': { ...sound, person: ({ claims }) => claims.email === PERSON || 'no' },
        'takes any true value': {
          ...sound,
          person: ({ claims }) => (claims.email === PERSON && !!claims.email_verified) || 'no',
        },
        'ignores the case': { ...sound, account: ({ claims }) => insensitive(claims, ACCOUNT) },
        'goes by the end': { ...sound, domain: ({ claims }) => `${claims.hd}`.endsWith(DOMAIN) || 'no' },
        'goes by the e-mail': { ...sound, domain: ({ claims }) => `${claims.email}`.endsWith(`@${DOMAIN}`) || 'no' },
      },
    }),
  ],
};

function insensitive({ email, email_verified: verified, hd }: GoogleIdToken['claims'], wanted: string): true | string {
  return (verified === true && hd === undefined && `${email}`.toLowerCase() === wanted) || 'no';
}
