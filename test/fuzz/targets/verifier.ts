import assert from 'node:assert/strict';
import type { GoogleIdTokenVerifier, GoogleIdTokenVerifierOptions } from '@id-token-guard/core';
import fc from 'fast-check';
import { bytesOf, jsonTexts } from '../generators/json-texts.ts';
import { mutants, respelled } from '../generators/mutations.ts';
import { signedTokens } from '../generators/signed-tokens.ts';
import { refusedOr } from '../support/errors.ts';
import { CLAIMS, createVerifier, unsigned } from '../support/google.ts';
import { stricterRule, verifiedByJose } from '../support/jose.ts';
import { isSameJson } from '../support/same-json.ts';
import { property, type Target } from '../target.ts';
import { brokenVerifiers } from './broken-verifiers.ts';

export type CreateVerifier = (options?: Partial<GoogleIdTokenVerifierOptions>) => GoogleIdTokenVerifier;

const anyTokens = fc.oneof(
  signedTokens.map(({ token }) => token),
  mutants.map(({ mutant }) => mutant),
  fc.tuple(bytesOf(jsonTexts), bytesOf(jsonTexts), fc.uint8Array()).map((parts) => unsigned(...parts)),
  fc.string({ unit: 'binary' }),
);

export const verifier: Target<CreateVerifier> = {
  name: 'verifier',
  subject: createVerifier,
  properties: [
    property({
      name: 'only our errors, which tell nothing',
      values: fc.oneof({ weight: 9, arbitrary: anyTokens }, { weight: 1, arbitrary: fc.anything() }),
      async check(create: CreateVerifier, value: unknown) {
        const text = typeof value === 'string' ? value : '';
        const events: unknown[] = [];
        const verify = create({ onEvent: (event) => events.push(event) });
        const [one, other] = [
          await refusedOr(text, () => verify.verify(value as string)),
          await refusedOr(text, () => verify.authenticate({ authorization: `Bearer ${text}` })),
        ];
        assert.equal(events.length, 2);
        return `${'code' in one ? one.code : 'accepted'}${'code' in other ? '' : ', header accepted'}`;
      },
      outcomes: ['accepted, header accepted', 'token_malformed', 'signature_invalid'],
      broken: { 'throws what it meets': brokenVerifiers.throwing, 'quotes the token': brokenVerifiers.quoting },
    }),
    property({
      name: 'accepts what jose accepts, but for stricter rules that have a name',
      values: signedTokens,
      async check(create: CreateVerifier, { token }) {
        const verify = create();
        const [ours, theirs] = [await refusedOr(token, () => verify.verify(token)), await verifiedByJose(token)];
        if ('result' in ours) {
          assert(theirs, 'jose refuses it.');
          assert(isSameJson([ours.result.claims, ours.result.header], [theirs.payload, theirs.protectedHeader]));
          assert.equal(await verify.verify(token), ours.result, 'A token stays the same object.');
          return 'accepted';
        }
        if (theirs === undefined) {
          return 'refused by both';
        }
        const rule = stricterRule(token, ours.code);
        assert(rule, `jose accepts it, and we say ${ours.code} for no reason that has a name.`);
        return rule;
      },
      outcomes: ['accepted', 'refused by both', 'no crit, b64, zip'],
      broken: {
        'does not look at exp': brokenVerifiers.timeless,
        'does not look at aud': brokenVerifiers.forAnybody,
        'does not look at the signature': brokenVerifiers.unsigned,
        'changes claims': brokenVerifiers.changing,
        'refuses good tokens': brokenVerifiers.refusing,
      },
    }),
    property({
      name: 'accepts no mutant of a good token, before and after the good one',
      // Several at once: while one signature is verified, the next can be.
      values: fc.array(mutants, { minLength: 1, maxLength: 20 }),
      async check(create: CreateVerifier, all) {
        const verify = create();
        for (const when of ['before', 'after']) {
          await Promise.all(all.map(({ good, mutant }) => expectRefused(verify, good, mutant, when)));
          for (const { good } of all) {
            assert(isSameJson((await verify.verify(good)).claims, claimsOf(good)));
          }
        }
        return 'refused';
      },
      outcomes: ['refused'],
      broken: {
        'does not look at the signature': brokenVerifiers.unsigned,
        'remembers a token by its first two segments': brokenVerifiers.rememberingTooLittle,
        'mends what it is given': brokenVerifiers.mending,
        'ignores the case': brokenVerifiers.ignoringCase,
      },
    }),
    property({
      name: 'accepts one of two spellings',
      values: fc.tuple(respelled, fc.boolean()),
      async check(create: CreateVerifier, [{ good, mutant }, goodFirst]) {
        const verify = create();
        const spellings = goodFirst ? [good, mutant, good] : [mutant, good, mutant];
        const accepted = new Set<string>();
        for (const spelling of spellings) {
          if ('result' in (await refusedOr(spelling, () => verify.verify(spelling)))) {
            accepted.add(spelling);
          }
        }
        assert.deepEqual([...accepted], [good]);
        return 'one';
      },
      outcomes: ['one'],
      broken: { 'mends what it is given': brokenVerifiers.mending },
    }),
  ],
};

async function expectRefused(
  verifier: GoogleIdTokenVerifier,
  good: string,
  mutant: string,
  when: string,
): Promise<void> {
  const answer = await refusedOr(mutant, () => verifier.verify(mutant));
  assert('code' in answer, `accepted ${when} the good token`);
  const fromHeader = await refusedOr(mutant, () => verifier.authenticate({ authorization: `Bearer ${mutant}` }));
  // RFC 6750 §2.1: spaces in front of the token are none of it.
  assert('code' in fromHeader || mutant.replace(/^ +/, '') === good, `accepted in a header ${when} the good token`);
}

function claimsOf(token: string): unknown {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  assert.equal(claims.sub, CLAIMS.sub);
  return claims;
}
