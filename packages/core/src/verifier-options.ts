import { type AudienceMatcher, type AudienceRule, audienceMatcher } from './audience.ts';
import { anyCaller, checkedRules, NARROW_RULES } from './caller.ts';
import { type CallerRule, isRuleMaker } from './caller-rule.ts';
import type { ClaimRules } from './claims.ts';
import type { GuardEvent } from './events.ts';
import type { KeySet } from './keys/key-set.ts';
import { sharedKeySet } from './keys/shared-key-set.ts';
import { checkOptionNames, clockOption, functionOption, numberOption } from './options.ts';
import { sharersOf } from './shared-audiences.ts';

/** Options of `createGoogleIdTokenVerifier`. None turns a check off. */
export interface GoogleIdTokenVerifierOptions {
  /**
   * Whom tokens must be for: one or more exact values of `aud`, or a rule such as `urlsUnder(…)`.
   *
   * Keep the old value beside a new one for an hour when you change it: tokens live that long.
   */
  readonly audience: string | readonly string[] | AudienceRule;
  /** Who may call; any one rule suffices. `anyCaller` says out loud that the handler decides. */
  readonly callers: CallerRule | readonly CallerRule[];
  /** How far clocks may differ. In seconds, 0 to 300. @default 30 */
  readonly clockToleranceSeconds?: number | undefined;
  /** The longest `exp - iat`. In seconds, up to a day. @default 86_400 */
  readonly maxLifetimeSeconds?: number | undefined;
  /** Where the keys come from. @default one key set of Google for the whole process */
  readonly keys?: KeySet | undefined;
  /** How many verified tokens are remembered, up to a million; 0: none. @default 1000 */
  readonly tokenCacheSize?: number | undefined;
  /** Milliseconds since the epoch. @default Date.now(), asked each time */
  readonly now?: (() => number) | undefined;
  /** Is told of accepted and refused tokens and of what happens to the keys. What it throws is ignored. */
  readonly onEvent?: ((event: GuardEvent) => void) | undefined;
}

/** The names of the options, for whoever adds options of their own. */
export const VERIFIER_OPTION_NAMES: readonly string[] = [
  'audience',
  'callers',
  'clockToleranceSeconds',
  'maxLifetimeSeconds',
  'keys',
  'tokenCacheSize',
  'now',
  'onEvent',
];

/** The options, checked, with their defaults. */
export interface CheckedOptions {
  readonly rules: ClaimRules;
  readonly callers: readonly CallerRule[];
  readonly keys: KeySet;
  readonly tokenCacheSize: number;
  readonly now: () => number;
  readonly onEvent: ((event: GuardEvent) => void) | undefined;
}

/** @throws TypeError that names a wrong option */
export function checkedOptions(options: GoogleIdTokenVerifierOptions): CheckedOptions {
  checkOptionNames('createGoogleIdTokenVerifier()', options, VERIFIER_OPTION_NAMES);
  const audience = audienceMatcher(options.audience);
  const callers = checkedRules('"callers"', options.callers);
  checkCallers(audience, callers);
  return {
    rules: {
      audience,
      clockToleranceSeconds: numberOption('clockToleranceSeconds', options.clockToleranceSeconds, {
        default: 30,
        min: 0,
        max: 300,
      }),
      maxLifetimeSeconds: numberOption('maxLifetimeSeconds', options.maxLifetimeSeconds, {
        default: 86_400,
        min: 1,
        max: 86_400,
      }),
    },
    callers,
    keys: options.keys === undefined ? sharedKeySet() : checkedKeySet(options.keys),
    tokenCacheSize: checkedCacheSize(options.tokenCacheSize),
    now: clockOption(options.now),
    onEvent: functionOption('onEvent', options.onEvent),
  };
}

/** Mistakes that would let everybody in, or fail each request, found before the first one. */
function checkCallers({ expected }: AudienceMatcher, callers: readonly CallerRule[]): void {
  if (callers.some(isRuleMaker)) {
    throw new TypeError('"callers" has a function that makes rules: call it, as in serviceAccount(\'sender@…\').');
  }
  if (callers.length > 1 && callers.includes(anyCaller)) {
    throw new TypeError('"callers" has anyCaller beside other rules: it lets everybody in, whatever the others say.');
  }
  const shared = expected?.find(sharersOf);
  if (shared !== undefined && callers.includes(anyCaller)) {
    throw new TypeError(
      `"audience" has ${shared}, which all users of ${sharersOf(shared)} share, so "callers" must say who may call: ${NARROW_RULES}.`,
    );
  }
}

function checkedKeySet(keys: KeySet): KeySet {
  const methods: readonly (keyof KeySet)[] = ['get', 'preload', 'status', 'snapshot'];
  if (!methods.every((name) => typeof keys?.[name] === 'function')) {
    throw new TypeError('"keys" must be a key set: createGoogleKeySet() or staticKeySet(jwks).');
  }
  return keys;
}

function checkedCacheSize(size: number | undefined): number {
  const checked = numberOption('tokenCacheSize', size, { default: 1000, min: 0, max: 1_000_000 });
  if (!Number.isInteger(checked)) {
    throw new TypeError('"tokenCacheSize" must be a whole number.');
  }
  return checked;
}
