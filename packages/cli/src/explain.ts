import { urlsUnder } from '@id-token-guard/core';
import { type ExplainedCheck, type Explanation, explainToken } from '@id-token-guard/core/explain';
import { callerRule } from './caller-option.ts';
import { keySetOf } from './keys-option.ts';
import { likelySender } from './likely-sender.ts';
import { paint, printable, printFields, printLine, wrap } from './terminal.ts';
import { readToken } from './token-input.ts';
import { readArguments, UsageError, usage } from './usage.ts';

const HELP = `Usage: id-token-guard explain [token] [options]

Shows what is in an ID token and makes every check on it, to tell why it is refused. Nothing leaves this machine
unless --keys names a URL.

  --header LINE       a header with the token, such as 'Authorization: Bearer …'
  --audience VALUE    an audience that the service accepts (may be repeated)
  --urls-under URL    accept every audience that is a URL at or below this one
  --caller WHO        who may call: an e-mail, a unique id, a Workspace domain, or any (may be repeated)
  --keys WHERE        google, a URL, or a file with a JWKS; without it the signature is not checked
  --at TIME           check as of this time: ISO 8601, or seconds since the epoch
  --json              print JSON

Examples
  id-token-guard explain "$TOKEN" --audience https://api.example.com
  gcloud auth print-identity-token | id-token-guard explain --keys google
  id-token-guard explain --header "$HEADER" --caller sender@my-project.iam.gserviceaccount.com

Exit codes: 0 no check failed, 1 a check failed, 2 wrong usage.`;

const OPTIONS = {
  header: { type: 'string' },
  audience: { type: 'string', multiple: true },
  'urls-under': { type: 'string' },
  caller: { type: 'string', multiple: true },
  keys: { type: 'string' },
  at: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `id-token-guard explain`: claims, likely sender, each check with pass or fail, and the fix. */
export async function explain(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, 1);
  if (values['help'] === true) {
    printLine(HELP);
    return 0;
  }
  const now = timeOf(values['at'] as string | undefined);
  const audiences = values['audience'] as string[] | undefined;
  const base = values['urls-under'] as string | undefined;
  const callers = (values['caller'] as string[] | undefined)?.map((word) => usage(() => callerRule(word)));
  const keys = values['keys'] === undefined ? undefined : await keySetOf(values['keys'] as string);
  if (audiences !== undefined && base !== undefined) {
    throw new UsageError('Give --audience or --urls-under, not both.');
  }
  const audience = base === undefined ? audiences : usage(() => urlsUnder(base));
  const token = await readToken(positionals[0], values['header'] as string | undefined);

  const explanation = await explainToken(token, { audience, callers, keys, now: () => now });
  if (values['json'] === true) {
    printLine(JSON.stringify({ ...explanation, likelySender: senderOf(explanation) }, null, 2));
  } else {
    printExplanation(explanation, now);
  }
  return explanation.checks.some(({ result }) => result === 'failed') ? 1 : 0;
}

function timeOf(at: string | undefined): number {
  if (at === undefined) {
    return Date.now();
  }
  const time = /^\d+$/.test(at) ? Number(at) * 1000 : Date.parse(at);
  if (Number.isNaN(time)) {
    throw new UsageError('--at must be a time such as 2026-01-31T12:00:00Z, or seconds since the epoch.');
  }
  return time;
}

function senderOf({ unverifiedClaims }: Explanation): string | undefined {
  return unverifiedClaims && likelySender(unverifiedClaims);
}

function printExplanation(explanation: Explanation, now: number): void {
  printObject('Header', explanation.unverifiedHeader, now);
  printObject('Claims', explanation.unverifiedClaims, now);
  const sender = senderOf(explanation);
  if (sender !== undefined) {
    printLine(`${paint('bold', 'Likely sender')}\n  ${sender}\n`);
  }
  printLine(paint('bold', 'Checks'));
  explanation.checks.forEach(printCheck);
}

function printObject(title: string, object: Explanation['unverifiedClaims'], now: number): void {
  if (object !== undefined) {
    printLine(paint('bold', title));
    printFields(Object.entries(object).map(([name, value]) => [printable(name), describe(name, value, now)]));
    printLine();
  }
}

function describe(name: string, value: unknown, now: number): string {
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value));
  const isTime = typeof value === 'number' && ['iat', 'exp', 'nbf', 'auth_time'].includes(name);
  return isTime && Math.abs(value) < 8.64e12 ? `${text}  ${paint('dim', describeTime(value, now))}` : text;
}

function describeTime(seconds: number, now: number): string {
  const difference = Math.round(seconds - now / 1000);
  const relative = difference > 0 ? `in ${difference} s` : `${-difference} s ago`;
  return `${new Date(seconds * 1000).toISOString()}, ${relative}`;
}

function printCheck({ step, result, code, hint }: ExplainedCheck): void {
  const name = step.padEnd('signature'.length);
  switch (result) {
    case 'passed':
      printLine(`  ${paint('green', 'pass')}  ${name}`);
      break;
    case 'not_checked':
      printLine(`  ${paint('dim', 'skip')}  ${name}  ${paint('dim', `not checked: ${hint}`)}`);
      break;
    case 'failed':
      printLine(`  ${paint('red', 'FAIL')}  ${name}  ${code}`);
      printLine(wrap(hint ?? '', '        '));
  }
}
