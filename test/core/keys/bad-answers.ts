/*
 * Everything that a key URL can answer and that is not a key set, for the tests of outages.
 */
import { jwksAnswers } from '../hostile/families/jwks-answers.ts';
import { type Answer, keys as keysAnswer, send } from './jwks-server.ts';
import { google } from './scene.ts';

export interface BadAnswer {
  readonly title: string;
  /** What the operator is told. */
  readonly says: RegExp;
  readonly answer: Answer;
  /** It goes on until the client gives up: set a short `timeoutSeconds`. */
  readonly endless?: boolean;
}

/** The hostile answers of the catalogue, with the keys of the tests in them. */
export const badAnswers: readonly BadAnswer[] = jwksAnswers.map(({ name, answer, ...rest }) => ({
  ...rest,
  title: name,
  answer: answer(google.jwks),
}));

/** A document that is good but for its size, in bytes. */
export function padded(size: number): Answer {
  return send(200, JSON.stringify(google.jwks).padEnd(size, ' '));
}

/** The keys of somebody else. */
export function keysOf(other: { readonly jwks: object }): Answer {
  return keysAnswer(() => other.jwks);
}
