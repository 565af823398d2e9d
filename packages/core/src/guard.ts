import { checkedTokenHeader, type TokenHeader } from './bearer.ts';
import { anyCaller } from './caller.ts';
import { checkOptionNames, functionOption } from './options.ts';
import { createGoogleIdTokenVerifier, type GoogleIdTokenVerifier } from './verifier.ts';
import { type GoogleIdTokenVerifierOptions, VERIFIER_OPTION_NAMES } from './verifier-options.ts';

/** What every adapter may be told beside the verifier's options. */
export interface GuardOptions<OnRefused> {
  /** The one header that carries the token; there is no fallback to another. @default 'authorization' */
  readonly header?: TokenHeader | undefined;
  /** Answers a refused request in place of the default answer. It must answer: the handler does not run. */
  readonly onRefused?: OnRefused | undefined;
}

/** What an adapter works with: a verifier, the header to read, and the answer of the application's own. */
export interface Guard<OnRefused> {
  readonly verifier: GoogleIdTokenVerifier;
  readonly header: TokenHeader;
  readonly onRefused: OnRefused | undefined;
}

const GUARD_OPTION_NAMES: readonly string[] = ['header', 'onRefused'];

/**
 * The arguments of `requireGoogleIdToken` in every adapter: an audience, which lets any caller pass; or the options of
 * a verifier together with those of the adapter; or a verifier, and the options of the adapter.
 */
export type GuardArguments<OnRefused> =
  | [audience: string | readonly string[]]
  | [options: GoogleIdTokenVerifierOptions & GuardOptions<OnRefused>]
  | [verifier: GoogleIdTokenVerifier, options?: GuardOptions<OnRefused>];

/**
 * Reads the arguments of `requireGoogleIdToken`. For authors of adapters.
 *
 * @throws TypeError that names a wrong option
 */
export function createGuard<OnRefused>(...args: GuardArguments<OnRefused>): Guard<OnRefused> {
  const [first, second] = args;
  if (isVerifier(first)) {
    if (GUARD_OPTION_NAMES.some((name) => Object.hasOwn(first, name))) {
      throw new TypeError(
        'The options of the adapter come behind the verifier: requireGoogleIdToken(verifier, options).',
      );
    }
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
  const { header, onRefused, ...verifierOptions } = first;
  return {
    verifier: createGoogleIdTokenVerifier(verifierOptions),
    ...checkedGuardOptions<OnRefused>({ header, onRefused }),
  };
}

function isVerifier(value: unknown): value is GoogleIdTokenVerifier {
  return typeof (value as GoogleIdTokenVerifier | undefined)?.authenticate === 'function';
}

/** Whatever is not an object of options is taken for an audience, so that the error for a wrong one names it. */
function isAudience(value: unknown): value is string | readonly string[] {
  return typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof RegExp;
}

function checkedGuardOptions<OnRefused>(options: GuardOptions<OnRefused>): Omit<Guard<OnRefused>, 'verifier'> {
  return { header: checkedTokenHeader(options.header), onRefused: functionOption('onRefused', options.onRefused) };
}
