import { askCallerRules, callerOf, requireYes } from './caller.ts';
import { checkAudience, checkIssuer, checkTime, checkTypes } from './claims.ts';
import { type GoogleIdTokenErrorCode, isGoogleIdTokenError } from './errors.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import { findKey } from './keys/find-key.ts';
import type { KeySet } from './keys/key-set.ts';
import { MAX_TOKEN_LENGTH, type ParsedToken, parseToken } from './parse.ts';
import { runtime } from './runtime/current.ts';
import { verifySignature } from './signature.ts';
import type { GoogleIdToken } from './token.ts';
import { checkedOptions, type GoogleIdTokenVerifierOptions } from './verifier-options.ts';

export { callerRule } from './caller-word.ts';
export { likelySender } from './likely-sender.ts';

/** The checks in the order in which a verifier makes them. */
export type ExplainedStep = 'form' | 'key' | 'signature' | 'claims' | 'issuer' | 'audience' | 'time' | 'caller';

/** What became of one check. */
export interface ExplainedCheck {
  readonly step: ExplainedStep;
  /** `not_checked`: it needs something that is not there, such as keys, or a check before it. */
  readonly result: 'passed' | 'failed' | 'not_checked';
  readonly code?: GoogleIdTokenErrorCode;
  /** Why it failed and the fix, or why it was not made. */
  readonly hint?: string;
}

/** All that can be said about a token, for people. Nothing in here is verified unless every check has passed. */
export interface Explanation {
  readonly accepted: boolean;
  readonly unverifiedHeader?: JsonObject;
  readonly unverifiedClaims?: JsonObject;
  readonly checks: readonly ExplainedCheck[];
}

/** Options of {@link explainToken}: those of a verifier, of which all may be missing. */
export interface ExplainOptions {
  readonly audience?: GoogleIdTokenVerifierOptions['audience'] | undefined;
  /** The public URL that a request was sent to, for an `audience` that looks at the request, such as `requestUrl()`. */
  readonly url?: string | undefined;
  readonly callers?: GoogleIdTokenVerifierOptions['callers'] | undefined;
  readonly keys?: KeySet | undefined;
  readonly clockToleranceSeconds?: number | undefined;
  readonly maxLifetimeSeconds?: number | undefined;
  readonly now?: (() => number) | undefined;
}

/**
 * Makes each check of a verifier on its own, and goes on after one that failed, to tell a person why a token is refused.
 *
 * For tools. Never let a request pass by this: a verifier stops at the first failure, in a safe order. Without `keys`
 * the signature is not checked; without `audience` and `callers` neither are these.
 *
 * @throws TypeError that names a wrong option
 */
export async function explainToken(token: string, options: ExplainOptions = {}): Promise<Explanation> {
  const { url, ...others } = options;
  const { rules, callers, now } = checkedOptions({
    ...others,
    audience: options.audience ?? (() => false),
    callers: options.callers ?? (() => ''),
  });
  const request = { url, header: () => undefined };
  const checks: ExplainedCheck[] = [];
  let parsed: ParsedToken | undefined;

  await attempt('form', () => {
    parsed = parseToken(token);
  });
  const isShort = typeof token === 'string' && token.length <= MAX_TOKEN_LENGTH;
  const [unverifiedHeader, unverifiedClaims] = isShort ? token.split('.', 2).map(decode) : [];
  await explainSignature();
  await explainClaims();
  return {
    accepted: checks.every(({ result }) => result === 'passed'),
    ...(unverifiedHeader && { unverifiedHeader }),
    ...(unverifiedClaims && { unverifiedClaims }),
    checks,
  };

  async function explainSignature(): Promise<void> {
    if (parsed === undefined || options.keys === undefined) {
      const hint = parsed === undefined ? 'the check of the form failed.' : 'no keys.';
      return skip(['key', 'signature'], hint);
    }
    const { keys } = options;
    const token = parsed;
    // As for a caller that has never called: keys that are at hand may be older than the token's.
    const key = await attempt('key', () => findKey(keys, token, { owner: explainToken }, () => 'stranger'));
    if (key === undefined) {
      return skip(['signature'], 'there is no key to check it with.');
    }
    await attempt('signature', () => verifySignature(token, key));
  }

  async function explainClaims(): Promise<void> {
    if (unverifiedClaims === undefined) {
      return skip(['claims', 'issuer', 'audience', 'time', 'caller'], 'the claims cannot be read.');
    }
    const claims = unverifiedClaims;
    const passed = await attempt('claims', () => {
      checkTypes(claims, rules);
      return true;
    });
    if (passed !== true) {
      return skip(['issuer', 'audience', 'time', 'caller'], 'a needed claim is missing or of the wrong type.');
    }
    const isGoogles = await attempt('issuer', () => {
      checkIssuer(claims);
      return true;
    });
    if (options.audience === undefined) {
      skip(['audience'], 'no audience given.');
    } else {
      await attempt('audience', () => checkAudience(claims, { ...rules, request }));
    }
    await attempt('time', () => checkTime(claims, rules, now()));
    if (options.callers === undefined || isGoogles !== true) {
      return skip(
        ['caller'],
        options.callers === undefined ? 'no caller rule given.' : 'Google did not issue the token.',
      );
    }
    const unverified = { header: unverifiedHeader, claims } as unknown as Omit<GoogleIdToken, 'caller'>;
    const unverifiedToken = { ...unverified, caller: callerOf(unverified.claims) };
    await attempt('caller', async () => requireYes(await askCallerRules(unverifiedToken, callers)));
  }

  async function attempt<T>(step: ExplainedStep, check: () => T | Promise<T>): Promise<T | undefined> {
    try {
      const result = await check();
      checks.push({ step, result: 'passed' });
      return result;
    } catch (error) {
      if (!isGoogleIdTokenError(error)) {
        throw error;
      }
      checks.push({
        step,
        result: 'failed',
        code: error.code,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      });
      return undefined;
    }
  }

  function skip(steps: readonly ExplainedStep[], hint: string): void {
    checks.push(...steps.map((step) => ({ step, result: 'not_checked' as const, hint })));
  }
}

function decode(segment: string): JsonObject | undefined {
  const bytes = runtime.decodeBase64url(segment);
  return bytes && parseJsonObject(bytes);
}
