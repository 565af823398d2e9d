import { readJsonObject } from '../json-body.ts';
import type { Problem } from './browser/answers.ts';

export type Input = Readonly<Record<string, unknown>>;

/** A field that a person has to change. */
export class InputError extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Answers a JSON object with a JSON object, or says which field is wrong. */
export async function answerInput(request: Request, answer: (input: Input) => Promise<object>): Promise<Response> {
  const input = await readJsonObject(request);
  if (input === undefined) {
    return badRequest({ field: '', error: 'The body must be a JSON object.' });
  }
  try {
    return Response.json(await answer(input), { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    if (error instanceof InputError) {
      return badRequest({ field: error.field, error: error.message });
    }
    throw error;
  }
}

function badRequest(problem: Problem): Response {
  return Response.json(problem, { status: 400 });
}

/** A text without white space around it; empty where there is none. */
export function textField(input: Input, field: string): string {
  const value = input[field] ?? '';
  if (typeof value !== 'string') {
    throw new InputError(field, `"${field}" must be a text.`);
  }
  return value.trim();
}

/** A box that is ticked or not. */
export function boxField(input: Input, field: string): boolean {
  const value = input[field] ?? false;
  if (typeof value !== 'boolean') {
    throw new InputError(field, `"${field}" must be true or false.`);
  }
  return value;
}

/** One of the names of a list; `undefined` where it is left empty. */
export function nameField<Name extends string>(
  input: Input,
  field: string,
  list: Readonly<Record<Name, unknown>>,
): Name | undefined {
  const value = textField(input, field);
  if (value !== '' && !Object.hasOwn(list, value)) {
    throw new InputError(field, `"${field}" must be one of ${Object.keys(list).join(', ')}.`);
  }
  return value === '' ? undefined : (value as Name);
}
