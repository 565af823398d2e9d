import { GOOGLE_JWKS_URL } from '@id-token-guard/core';
import { type Examination, examine } from './examine.ts';
import { paint, printable, printFields, printJson, printLine, wrap } from './terminal.ts';
import { readArguments } from './usage.ts';

const HELP = `Usage: id-token-guard doctor [options]

Fetches Google's keys as a guard does, and tells what it sees: reachability, keys, freshness, clock.

Options
  --url URL   where the keys are, if not at Google: of a local Google, for example
  --json      print JSON

Examples
  id-token-guard doctor
  id-token-guard doctor --url http://127.0.0.1:8585/oauth2/v3/certs

Exit codes: 0 all is well, 1 the keys cannot be had or the clock is off, 2 wrong usage.`;

const OPTIONS = { url: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `id-token-guard doctor`: can this machine get Google's keys, and is its clock right? */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  if (values.help) {
    printLine(HELP);
    return 0;
  }
  const examination = await examine(values.url ?? GOOGLE_JWKS_URL);
  if (values.json) {
    printJson(examination);
  } else {
    printExamination(examination);
  }
  return examination.problems.length === 0 ? 0 : 1;
}

function printExamination(examination: Examination): void {
  const { url, reachable, latencyMs, keyIds, freshForSeconds, clockSkewSeconds, problems } = examination;
  printFields([
    ['url', printable(url)],
    ['reachable', reachable ? paint('green', 'yes') : paint('red', 'no')],
    ...(latencyMs === undefined ? [] : [['latency', `${latencyMs} ms`] as const]),
    // One below the other: Google's have 40 characters.
    ...keyIds.map((kid, index) => [index === 0 ? 'keys' : '', printable(kid)] as const),
    ...(freshForSeconds === undefined ? [] : [['fresh for', `${freshForSeconds} s`] as const]),
    ...(clockSkewSeconds === undefined ? [] : [['clock', describeSkew(clockSkewSeconds)] as const]),
  ]);
  for (const problem of problems) {
    printLine(`\n${wrap(printable(problem), '  ')}`);
  }
}

function describeSkew(seconds: number): string {
  return seconds === 0 ? 'right' : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
}
