import type { Problem } from './answers.ts';

/** What the server says is wrong with the input. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.error);
    this.problem = problem;
  }
}

/** @throws ProblemError where the input is wrong */
export async function ask<Answer>(path: string, input: object, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
    signal,
  });
  if (response.status === 400) {
    throw new ProblemError(await response.json());
  }
  if (!response.ok) {
    throw new Error(`The local Google answers ${response.status}.`);
  }
  return response.json();
}
