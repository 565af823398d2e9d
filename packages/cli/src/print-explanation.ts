import { GoogleIdTokenError } from '@id-token-guard/core';
import type { ExplainedCheck, Explanation } from '@id-token-guard/core/explain';
import { jsonOf, paint, printable, printFields, printLine, wrap } from './terminal.ts';

type Values = { readonly [name: string]: unknown };

const TIMES = ['iat', 'exp', 'nbf', 'auth_time'];
/** The latest time that a `Date` can tell. In seconds. */
const MAX_TIME = 8.64e12;
/** Claims of Google's are no deeper; what is stays JSON. */
const MAX_DEPTH = 3;

/** Prints what a token says and what became of each check, for people. */
export function printExplanation(explanation: Explanation, sender: string | undefined, now: number): void {
  printValues('Header', explanation.unverifiedHeader, now);
  printValues('Claims', explanation.unverifiedClaims, now);
  if (sender !== undefined) {
    printLine(`${paint('bold', 'Likely sender')}\n  ${sender}\n`);
  }
  printLine(paint('bold', 'Checks'));
  printChecks(explanation.checks);
  printLine(`\n${verdict(explanation)}`);
}

function printValues(title: string, values: Values | undefined, now: number): void {
  if (values !== undefined) {
    printLine(paint('bold', title));
    printFields(rowsOf(values).map(([name, value]) => [printable(name), describe(name, value, now)]));
    printLine();
  }
}

/** A row for each value; what is in an object has its name before it, as in `google.compute_engine.zone`. */
function rowsOf(values: Values, prefix = '', depth = 1): [name: string, value: unknown][] {
  return Object.entries(values).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    return isFilledObject(value) && depth < MAX_DEPTH ? rowsOf(value, `${name}.`, depth + 1) : [[name, value]];
  });
}

function isFilledObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

function describe(name: string, value: unknown, now: number): string {
  const text = printable(typeof value === 'string' ? value : jsonOf(value));
  return TIMES.includes(name) && typeof value === 'number' && Math.abs(value) < MAX_TIME
    ? `${text}  ${paint('dim', describeTime(value, now))}`
    : text;
}

function describeTime(seconds: number, now: number): string {
  const difference = Math.round(seconds - now / 1000);
  const relative = difference > 0 ? `in ${duration(difference)}` : `${duration(-difference)} ago`;
  return `${new Date(seconds * 1000).toISOString()}, ${relative}`;
}

const UNITS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const;

/** In the largest unit of which there are at least two. */
function duration(seconds: number): string {
  const [name, length] = UNITS.find(([, unit]) => seconds >= 2 * unit) ?? ['seconds', 1];
  return `${Math.round(seconds / length)} ${name}`;
}

/** Several checks may fail for one reason: it is told once. */
function printChecks(checks: readonly ExplainedCheck[]): void {
  const told = new Set<string>();
  for (const { step, result, code, hint = '' } of checks) {
    const name = step.padEnd('signature'.length);
    switch (result) {
      case 'passed':
        printLine(`  ${paint('green', 'pass')}  ${step}`);
        break;
      case 'not_checked':
        printLine(`  ${paint('dim', 'skip')}  ${name}  ${paint('dim', `not checked: ${hint}`)}`);
        break;
      case 'failed':
        printLine(`  ${paint('red', 'FAIL')}  ${name}  ${code}${told.has(hint) ? ', as above' : ''}`);
        if (!told.has(hint)) {
          printLine(wrap(hint, '        '));
        }
        told.add(hint);
    }
  }
}

/** The checks are in the order of a guard, which answers with the first that fails. */
function verdict({ accepted, checks }: Explanation): string {
  const code = checks.find(({ result }) => result === 'failed')?.code;
  if (code !== undefined) {
    const { status, message } = new GoogleIdTokenError(code);
    return `${paint('red', 'Refused')}: a guard answers with status ${status} and code ${code}. ${message}`;
  }
  if (accepted) {
    return `${paint('green', 'Accepted')}: a guard with these options lets it pass.`;
  }
  const open = checks.filter(({ result }) => result === 'not_checked').map(({ step }) => step);
  return `${paint('yellow', 'Undecided')}: no check failed, but these were not made: ${open.join(', ')}. Nothing above is proven.`;
}
