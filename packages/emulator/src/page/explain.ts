import { type AudienceRule, type CallerRule, GoogleIdTokenError, staticKeySet, urlsUnder } from '@id-token-guard/core';
import { callerRule, explainToken } from '@id-token-guard/core/explain';
import type { Emulator } from '../emulator.ts';
import type { ExplainAnswer } from './browser/answers.ts';
import { boxField, type Input, InputError, textField } from './input.ts';

/**
 * `POST /page/explain`: each check of a token, by a service that accepts what the person says.
 *
 * It has the keys that are published now, and the clock of this machine, not that of the fake Google.
 *
 * @throws InputError
 */
export async function explain({ google }: Emulator, input: Input): Promise<ExplainAnswer> {
  const token = textField(input, 'token');
  const keys = staticKeySet(google.jwks);
  const callers = await configured('callers', () => callersOf(input));
  // What is still wrong with the options is about the audience.
  const { accepted, checks } = await configured('audience', () => {
    return explainToken(token, { audience: audienceOf(input), callers, keys });
  });
  const code = checks.find(({ result }) => result === 'failed')?.code;
  return { accepted, checks, ...(code === undefined ? {} : { refusal: refusalOf(code) }) };
}

/** A wrong option is a field that a person has to change. */
async function configured<T>(field: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw error instanceof TypeError ? new InputError(field, error.message) : error;
  }
}

function audienceOf(input: Input): AudienceRule | string[] | undefined {
  // Not at commas: a URL may have some.
  const [first, ...rest] = wordsOf(input, 'audience', /\s+/);
  if (first === undefined) {
    return undefined;
  }
  if (!boxField(input, 'below')) {
    return [first, ...rest];
  }
  const rules = [first, ...rest].map(urlsUnder);
  return (audience) => rules.some((rule) => rule(audience));
}

function callersOf(input: Input): CallerRule[] | undefined {
  const words = wordsOf(input, 'callers', /[\s,]+/);
  return words.length === 0 ? undefined : words.map(callerRule);
}

function wordsOf(input: Input, field: string, separator: RegExp): string[] {
  return textField(input, field)
    .split(separator)
    .filter((word) => word !== '');
}

function refusalOf(code: GoogleIdTokenError['code']): NonNullable<ExplainAnswer['refusal']> {
  const { status, message } = new GoogleIdTokenError(code);
  return { status, code, message };
}
