import { urlsUnder } from '@id-token-guard/core';
import { callerRule, explainToken, likelySender } from '@id-token-guard/core/explain';
import { keySetOf } from './keys-option.ts';
import { printExplanation } from './print-explanation.ts';
import { printJson, printLine } from './terminal.ts';
import { readToken } from './token-input.ts';
import { readArguments, UsageError, usage } from './usage.ts';

const HELP = `Usage: id-token-guard explain [token] [options]

Shows what is in an ID token and makes every check on it, to tell why it is refused. The token may also come on
standard input. Nothing leaves this machine unless --keys names a URL.

Options
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
  if (values.help) {
    printLine(HELP);
    return 0;
  }
  const now = timeOf(values.at);
  const base = values['urls-under'];
  if (values.audience !== undefined && base !== undefined) {
    throw new UsageError('Give --audience or --urls-under, not both.');
  }
  const audience = base === undefined ? values.audience : await usage('--urls-under', () => urlsUnder(base));
  const callers = await usage('--caller', () => values.caller?.map(callerRule));
  const keys = values.keys === undefined ? undefined : await keySetOf(values.keys);
  const token = await readToken(positionals[0], values.header);

  const explanation = await usage('--audience', () => explainToken(token, { audience, callers, keys, now: () => now }));
  const sender = explanation.unverifiedClaims && likelySender(explanation.unverifiedClaims);
  if (values.json) {
    printJson({ ...explanation, likelySender: sender });
  } else {
    printExplanation(explanation, sender, now);
  }
  return explanation.checks.some(({ result }) => result === 'failed') ? 1 : 0;
}

function timeOf(at: string | undefined): number {
  if (at === undefined) {
    return Date.now();
  }
  const time = /^\d+$/.test(at) ? Number(at) * 1000 : /^\d{4}-\d\d-\d\d/.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new UsageError('--at must be a time such as 2026-01-31T12:00:00Z, or seconds since the epoch.');
  }
  return time;
}
