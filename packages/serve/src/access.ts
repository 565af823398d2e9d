import {
  type AudienceRule,
  anyCaller,
  type CallerRule,
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  type KeySet,
  requestUrl,
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
  const rules = [
    ...listOf(config.urlsUnder).map((url) => inMember('urlsUnder', () => urlsUnder(url))),
    ...ownUrl(config),
  ];
  if (exact.length === 0 && rules.length === 0) {
    throw wrong('audience', 'is missing, and so are "urlsUnder" and "requestUrl": say whom tokens must be for.');
  }
  if (rules.length === 0) {
    return exact;
  }
  // A single rule has better hints than one that is made of it.
  const [only] = rules;
  if (exact.length === 0 && rules.length === 1 && only !== undefined) {
    return only;
  }
  if (exact.length > 0) {
    // Only its checks are wanted: a rule that is a function has none of the exact values.
    createGoogleIdTokenVerifier({ audience: exact, callers, tokenCacheSize: 0 });
  }
  const accepted = new Set(exact);
  return (audience, request) => accepted.has(audience) || rules.some((rule) => rule(audience, request));
}

/** A server that asks says in a header which host its client has named; a client of a proxy must not. */
function ownUrl({ requestUrl: origins, upstream }: GuardConfig): AudienceRule[] {
  const trustForwarded = upstream === undefined;
  return origins === undefined
    ? []
    : [inMember('requestUrl', () => requestUrl({ origins: listOf(origins), trustForwarded }))];
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
