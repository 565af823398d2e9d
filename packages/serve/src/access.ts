import {
  type AudienceRule,
  anyCaller,
  type CallerRule,
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  type KeySet,
  serviceAccount,
  subject,
  urlsUnder,
  user,
  workspaceDomain,
} from '@id-token-guard/core';
import { type GuardConfig, inMember, listOf, wrong } from './config.ts';

/** How many verified tokens are remembered: with many senders, more than a service of one kind has. */
const TOKEN_CACHE_SIZE = 10_000;

type OnEvent = NonNullable<GoogleIdTokenVerifierOptions['onEvent']>;

/**
 * Makes the verifier: whom tokens must be for, and who may call.
 *
 * @throws ConfigError
 */
export function createVerifier(config: GuardConfig, keys: KeySet, onEvent: OnEvent): GoogleIdTokenVerifier {
  const callers = callersOf(config);
  const options = { callers, keys, onEvent, tokenCacheSize: TOKEN_CACHE_SIZE };
  return inMember('audience', () => createGoogleIdTokenVerifier({ ...options, audience: audienceOf(config, callers) }));
}

function audienceOf(config: GuardConfig, callers: readonly CallerRule[]): readonly string[] | AudienceRule {
  const exact = listOf(config.audience);
  const under = listOf(config.urlsUnder).map((url) => inMember('urlsUnder', () => urlsUnder(url)));
  if (exact.length === 0 && under.length === 0) {
    throw wrong('audience', 'is missing, and so is "urlsUnder": say whom tokens must be for.');
  }
  if (under.length === 0) {
    return exact;
  }
  // A single rule has better hints than one that is made of it.
  const [only] = under;
  if (exact.length === 0 && under.length === 1 && only !== undefined) {
    return only;
  }
  if (exact.length > 0) {
    // Only its checks are wanted: a rule that is a function has none of the exact values.
    createGoogleIdTokenVerifier({ audience: exact, callers, tokenCacheSize: 0 });
  }
  const accepted = new Set(exact);
  return (audience) => accepted.has(audience) || under.some((rule) => rule(audience));
}

const RULES = {
  serviceAccount,
  user,
  workspaceDomain,
  subject,
} satisfies Partial<Record<keyof GuardConfig, (...values: string[]) => CallerRule>>;

function callersOf(config: GuardConfig): readonly CallerRule[] {
  const rules = (Object.keys(RULES) as (keyof typeof RULES)[])
    .map((member) => ({ member, values: listOf(config[member]) }))
    .filter(({ values }) => values.length > 0)
    .map(({ member, values }) => inMember(member, () => RULES[member](...values)));
  if (config.anyCaller !== true) {
    if (rules.length === 0) {
      throw wrong(
        'serviceAccount',
        'is missing, and so is every other member that says who may call: "user", "workspaceDomain", "subject", or "anyCaller" for everybody with a Google account.',
      );
    }
    return rules;
  }
  if (rules.length > 0) {
    throw wrong('anyCaller', 'lets everybody in, whatever the others say: leave it or them out.');
  }
  return [anyCaller];
}
