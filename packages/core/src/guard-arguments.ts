import { checkedTokenHeader, type TokenHeader } from './bearer.ts';
import { isBrandedVerifier } from './brand.ts';
import { anyCaller } from './caller.ts';
import { booleanOption, checkOptionNames, functionOption } from './options.ts';
import { createGoogleIdTokenVerifier, type GoogleIdTokenVerifier } from './verifier.ts';
import { type GoogleIdTokenVerifierOptions, VERIFIER_OPTION_NAMES } from './verifier-options.ts';

/** What every adapter may be told beside the verifier's options. */
export interface GuardOptions<OnRefused> {
  /** The one header that carries the token; there is no fallback to another. @default 'authorization' */
  readonly header?: TokenHeader | undefined;
  /**
   * Answers a refused request in place of the default answer. It must answer: the handler does not run. What it throws
   * or rejects with is a failure of the service.
   */
  readonly onRefused?: OnRefused | undefined;
  /**
   * `true` lets requests pass that carry no credential at all in the header: the handler runs without a token. A request
   * with a bad credential, of whatever scheme, is refused as ever. @default false
   */
  readonly optional?: false | undefined;
}

/** Options of a guard that lets requests without a token pass. */
export interface OptionalGuardOptions<OnRefused> extends Omit<GuardOptions<OnRefused>, 'optional'> {
  /** Whether requests pass that carry no credential at all in the header. */
  readonly optional: boolean;
}

const GUARD_OPTION_NAMES: readonly string[] = ['header', 'onRefused', 'optional'];

/**
 * The arguments of `requireGoogleIdToken` in every adapter: an audience, which lets any caller pass; or the options of
 * a verifier together with those of the adapter; or a verifier, and the options of the adapter.
 */
export type GuardArguments<OnRefused> =
  | [audience: string | readonly string[]]
  | [options: GoogleIdTokenVerifierOptions & GuardOptions<OnRefused>]
  | [verifier: GoogleIdTokenVerifier, options?: GuardOptions<OnRefused>];

/** The arguments of a guard that lets requests without a token pass. An audience alone never does. */
export type OptionalGuardArguments<OnRefused> =
  | [options: GoogleIdTokenVerifierOptions & OptionalGuardOptions<OnRefused>]
  | [verifier: GoogleIdTokenVerifier, options: OptionalGuardOptions<OnRefused>];

/** What a guard works with; all checked. */
export interface CheckedArguments<OnRefused> {
  readonly verifier: GoogleIdTokenVerifier;
  readonly header: TokenHeader;
  readonly onRefused: OnRefused | undefined;
  readonly optional: boolean;
}

/** @throws TypeError that names a wrong option */
export function checkedArguments<OnRefused>(
  args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>,
): CheckedArguments<OnRefused> {
  const [first, second] = args;
  if (looksLikeVerifier(first)) {
    checkVerifier(first);
    const options = second ?? {};
    checkOptionNames('requireGoogleIdToken(verifier, options)', options, GUARD_OPTION_NAMES);
    return { verifier: first, ...checkedGuardOptions(options) };
  }
  if (second !== undefined) {
    throw new TypeError(
      'requireGoogleIdToken() takes a second argument only after a verifier: put all options into one object.',
    );
  }
  if (typeof first === 'function') {
    // An audience alone lets any caller pass; a rule that accepts any audience as well would let everybody in.
    throw new TypeError(
      '"audience" must be a string or a list here: a rule belongs into the options, beside "callers".',
    );
  }
  if (isAudience(first)) {
    return {
      verifier: createGoogleIdTokenVerifier({ audience: first, callers: anyCaller }),
      ...checkedGuardOptions<OnRefused>({}),
    };
  }
  checkOptionNames('requireGoogleIdToken()', first, [...VERIFIER_OPTION_NAMES, ...GUARD_OPTION_NAMES]);
  const { header, onRefused, optional, ...verifierOptions } = first;
  return {
    verifier: createGoogleIdTokenVerifier(verifierOptions),
    ...checkedGuardOptions<OnRefused>({ header, onRefused, optional }),
  };
}

function looksLikeVerifier(value: unknown): value is GoogleIdTokenVerifier {
  return typeof (value as GoogleIdTokenVerifier | undefined)?.authenticate === 'function';
}

/** A verifier of somebody else's making could let in whom it likes: by what it gives, or by a way that it fails. */
function checkVerifier(verifier: GoogleIdTokenVerifier): void {
  if (GUARD_OPTION_NAMES.some((name) => Object.hasOwn(verifier, name))) {
    throw new TypeError(
      'The options of the adapter come behind the verifier: requireGoogleIdToken(verifier, options).',
    );
  }
  if (!isBrandedVerifier(verifier)) {
    throw new TypeError(
      'requireGoogleIdToken() takes a verifier only as createGoogleIdTokenVerifier() made it, not a copy of one or another object with the method authenticate: put what you add into a caller rule or into onEvent.',
    );
  }
}

/** Whatever is not an object of options is taken for an audience, so that the error for a wrong one names it. */
function isAudience(value: unknown): value is string | readonly string[] {
  return typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof RegExp;
}

function checkedGuardOptions<OnRefused>(
  options: Omit<GuardOptions<OnRefused>, 'optional'> & { readonly optional?: boolean | undefined },
): Omit<CheckedArguments<OnRefused>, 'verifier'> {
  return {
    header: checkedTokenHeader(options.header),
    onRefused: functionOption('onRefused', options.onRefused),
    optional: booleanOption('optional', options.optional),
  };
}
