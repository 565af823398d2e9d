import { carriesCredential } from './bearer.ts';
import { insideOf, isBrandedToken } from './brand.ts';
import { type GoogleIdTokenError, isGoogleIdTokenError } from './errors.ts';
import { emit } from './events.ts';
import { checkedArguments, type GuardArguments, type OptionalGuardArguments } from './guard-arguments.ts';
import type { RequestHeaders } from './request-headers.ts';
import { isThenable } from './thenable.ts';
import { asError } from './thrown.ts';
import type { GoogleIdToken } from './token.ts';
import type { AuthenticateContext } from './verifier.ts';

/** What becomes of a request. The handler may run where it is `admitted`, and nowhere else. */
export type Admission<Answer> =
  /** Without a token where the guard is `optional`, and the request carries no credential. */
  | { readonly outcome: 'admitted'; readonly googleIdToken: GoogleIdToken | undefined }
  /** The answer has been made, by the application's `onRefused` or by the adapter. */
  | { readonly outcome: 'refused'; readonly answer: Answer }
  /** The service is at fault, not the request: for the error handling of the framework. */
  | { readonly outcome: 'failed'; readonly error: Error };

/**
 * Answers a refused request in the way of a framework: asks the application's `onRefused` where there is one, and
 * otherwise sends what `toRefusal(error)` says. Whatever it throws or rejects with makes the admission a failure.
 */
export type Refuse<OnRefused, Context extends readonly unknown[], Answer> = (
  error: GoogleIdTokenError,
  onRefused: OnRefused | undefined,
  ...context: Context
) => Answer | Promise<Answer>;

/** What an adapter works with. */
export interface Guard<Context extends readonly unknown[], Answer> {
  /**
   * Finds out what becomes of a request, and answers it where it is refused.
   *
   * It never throws and never rejects, whatever the functions of the application do. It may answer at once, without a
   * promise.
   *
   * @param readHeaders what it throws makes the admission a failure
   * @param context what the verification may be told of the request
   * @param rest whatever the framework hands to its middleware, for `refuse`
   */
  admit(
    readHeaders: () => RequestHeaders,
    context: RequestContext,
    ...rest: Context
  ): Admission<Answer> | Promise<Admission<Answer>>;
}

/** What the verification of a request may be told by an adapter; the header to read is an option of the guard. */
export type RequestContext = Omit<AuthenticateContext, 'header'>;

/**
 * Makes the guard of an adapter from the arguments of its `requireGoogleIdToken`. For authors of adapters.
 *
 * @throws TypeError that names a wrong option, or says that a verifier was not made by `createGoogleIdTokenVerifier`
 */
export function createGuard<OnRefused, Context extends readonly unknown[], Answer>(
  args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>,
  refuse: Refuse<OnRefused, Context, Answer>,
): Guard<Context, Answer> {
  const { verifier, header, onRefused, optional } = checkedArguments(args);
  const inside = insideOf(verifier);

  return { admit };

  function admit(
    readHeaders: () => RequestHeaders,
    context: RequestContext,
    ...rest: Context
  ): Admission<Answer> | Promise<Admission<Answer>> {
    try {
      const headers = readHeaders();
      // Never for want of a token that the verifier gives: only where nobody has shown anything.
      if (optional && !carriesCredential(headers, header)) {
        emit(inside?.onEvent, { type: 'token_absent' });
        return { outcome: 'admitted', googleIdToken: undefined };
      }
      if (inside === undefined || verifier.authenticate !== inside.authenticate) {
        return authenticateByAnother(headers, context, rest);
      }
      const token = inside.authenticateNow(headers, header, context);
      return isThenable(token) ? token.then(admitted).catch((error) => refusalOf(error, rest)) : admitted(token);
    } catch (error) {
      return refusalOf(error, rest);
    }
  }

  /** A method that somebody has put in the place of ours may give anything. */
  async function authenticateByAnother(
    headers: RequestHeaders,
    context: RequestContext,
    rest: Context,
  ): Promise<Admission<Answer>> {
    try {
      return admitted(await verifier.authenticate(headers, { ...context, header }));
    } catch (error) {
      return refusalOf(error, rest);
    }
  }

  function refusalOf(thrown: unknown, rest: Context): Admission<Answer> | Promise<Admission<Answer>> {
    try {
      if (!isGoogleIdTokenError(thrown)) {
        return failed(thrown);
      }
      const answer = refuse(thrown, onRefused, ...rest);
      return isThenable(answer) ? Promise.resolve(answer).then(refused, failed) : refused(answer);
    } catch (error) {
      return failed(error);
    }
  }
}

/** @throws TypeError where it is anything but a token that core has verified, whatever brought it here */
function admitted(googleIdToken: GoogleIdToken): Admission<never> {
  if (!isBrandedToken(googleIdToken)) {
    throw new TypeError('The verifier gave something that is not a token which it has verified.');
  }
  return { outcome: 'admitted', googleIdToken };
}

function refused<Answer>(answer: Answer): Admission<Answer> {
  return { outcome: 'refused', answer };
}

function failed(thrown: unknown): Admission<never> {
  return { outcome: 'failed', error: asError(thrown) };
}

/**
 * Goes on with an admission when it is there, which may be at once. For adapters of frameworks that know callbacks. What
 * `goOn` throws later, with all that it calls, is handed to `fail`.
 *
 * It gives no promise: there are frameworks that end the process where one is rejected, and others that take a fulfilled
 * one of a middleware for leave to go on to the handler.
 */
export function whenAdmitted<Answer>(
  admission: Admission<Answer> | Promise<Admission<Answer>>,
  goOn: (admission: Admission<Answer>) => void,
  fail: (error: Error) => void,
): void {
  if (isThenable(admission)) {
    admission.then(goOn).catch((thrown: unknown) => fail(asError(thrown)));
  } else {
    goOn(admission);
  }
}

/**
 * What `onRefused` gave, where it must be a response. For authors of adapters.
 *
 * @throws TypeError where it is none
 */
export async function responseOf(answer: Response | Promise<Response>): Promise<Response> {
  const response = (await answer) as Response | undefined | null;
  // By its looks, since servers and test kits bring classes of their own.
  if (typeof response?.status !== 'number' || typeof response.headers?.get !== 'function') {
    throw new TypeError('"onRefused" must return a Response, or a promise of one.');
  }
  return response;
}
