import { createGoogleKeySet, GOOGLE_JWKS_URL, type KeySetStatus } from '@id-token-guard/core';
import { paint, printFields, printLine, wrap } from './terminal.ts';
import { readArguments, usage } from './usage.ts';

const HELP = `Usage: id-token-guard doctor [options]

Fetches Google's keys as a guard does, and tells what it sees: reachability, keys, freshness, clock.

  --url URL   another place of the keys, such as a local Google
  --json      print JSON

Example
  id-token-guard doctor

Exit codes: 0 all is well, 1 the keys cannot be had or the clock is off, 2 wrong usage.`;

/** What a guard tolerates by default. */
const MAX_SKEW_SECONDS = 30;

/** Variables of proxies that Node's fetch does not read by itself. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

interface Report {
  readonly url: string;
  readonly reachable: boolean;
  readonly latencyMs?: number;
  readonly keyIds: readonly string[];
  readonly freshForSeconds?: number;
  /** The clock of this machine less that of the server. */
  readonly clockSkewSeconds?: number;
  readonly problems: readonly string[];
}

/** `id-token-guard doctor`: can this machine get Google's keys, and is its clock right? */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { url: { type: 'string' }, json: { type: 'boolean' } }, 0);
  if (values['help'] === true) {
    printLine(HELP);
    return 0;
  }
  const report = await examine((values['url'] as string | undefined) ?? GOOGLE_JWKS_URL);
  if (values['json'] === true) {
    printLine(JSON.stringify(report, null, 2));
  } else {
    printReport(report);
  }
  return report.problems.length === 0 ? 0 : 1;
}

async function examine(url: string): Promise<Report> {
  let latencyMs: number | undefined;
  let clockSkewSeconds: number | undefined;
  const keys = usage(() =>
    createGoogleKeySet({
      url,
      fetch: async (input, init) => {
        const startedAt = performance.now();
        const response = await fetch(input, init);
        latencyMs = Math.round(performance.now() - startedAt);
        clockSkewSeconds = skewOf(response.headers.get('date'));
        return response;
      },
    }),
  );
  const error = await keys.preload().then(
    () => undefined,
    (failure: Error) => (failure.cause ?? failure) as Error,
  );
  const status: KeySetStatus = keys.status();
  const problems = [
    ...(error === undefined ? [] : [adviceFor(error)]),
    ...(clockSkewSeconds !== undefined && Math.abs(clockSkewSeconds) > MAX_SKEW_SECONDS
      ? [
          `The clock of this machine is ${Math.abs(clockSkewSeconds)} s ${clockSkewSeconds > 0 ? 'ahead' : 'behind'}: synchronise it (NTP).`,
        ]
      : []),
  ];
  return {
    url,
    reachable: error === undefined,
    keyIds: status.keyIds,
    problems,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(status.freshForSeconds === undefined ? {} : { freshForSeconds: Math.round(status.freshForSeconds) }),
    ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
  };
}

/** The `Date` header has whole seconds: half of one is added, so that the error is at most that. */
function skewOf(date: string | null): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : Math.round((Date.now() - time - 500) / 1000);
}

function adviceFor(error: Error): string {
  const code = codeOf(error);
  const advice = ADVICE[code ?? ''] ?? (error.message.includes('in time') ? ADVICE['ETIMEDOUT'] : undefined);
  return [`${error.message}${code === undefined ? '' : ` (${code})`}`, advice, proxyAdvice()].filter(Boolean).join(' ');
}

function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : cause === undefined ? undefined : codeOf(cause);
}

const CERTIFICATES =
  'Something on the way shows a certificate that Node does not trust: give Node the certificate of your proxy with NODE_EXTRA_CA_CERTS.';

const ADVICE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name does not resolve: look at DNS, and whether this machine may reach the internet.',
  EAI_AGAIN: 'The name does not resolve: look at DNS, and whether this machine may reach the internet.',
  ECONNREFUSED: 'Nothing listens there, or a firewall refuses: is the local Google running?',
  ECONNRESET: 'The connection was cut: look for a firewall or a proxy.',
  ETIMEDOUT: 'No answer came: a firewall may drop the packets. Allow outgoing HTTPS to www.googleapis.com.',
  UND_ERR_CONNECT_TIMEOUT:
    'No answer came: a firewall may drop the packets. Allow outgoing HTTPS to www.googleapis.com.',
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATES,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATES,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATES,
};

function proxyAdvice(): string | undefined {
  const set = PROXY_VARIABLES.filter((name) => process.env[name]);
  return set.length === 0 || process.env['NODE_USE_ENV_PROXY'] === '1'
    ? undefined
    : `${set.join(', ')} is set, but Node's fetch ignores it: set NODE_USE_ENV_PROXY=1 (Node 24 and newer), or pass a fetch that uses the proxy to createGoogleKeySet().`;
}

function printReport({ url, reachable, latencyMs, keyIds, freshForSeconds, clockSkewSeconds, problems }: Report): void {
  printFields([
    ['url', url],
    ['reachable', reachable ? paint('green', 'yes') : paint('red', 'no')],
    ...(latencyMs === undefined ? [] : [['latency', `${latencyMs} ms`] as const]),
    ...(keyIds.length === 0 ? [] : [['keys', keyIds.join(', ')] as const]),
    ...(freshForSeconds === undefined ? [] : [['fresh for', `${freshForSeconds} s`] as const]),
    ...(clockSkewSeconds === undefined
      ? []
      : [['clock', clockSkewSeconds === 0 ? 'right' : `${clockSkewSeconds} s off`] as const]),
  ]);
  for (const problem of problems) {
    printLine(`\n${wrap(problem, '  ')}`);
  }
}
