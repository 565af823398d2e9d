// Who may call is kept in a file that changes while the service runs. For a database or a group in IAM only `load` differs.
import { readFile } from 'node:fs/promises';
import {
  type CallerRule,
  type GoogleIdTokenVerifierOptions,
  requireGoogleIdToken,
  serviceAccount,
} from '@id-token-guard/express';
import express, { type Express } from 'express';

/**
 * Who may call cannot be told, since the source of the callers is down. A rule throws it: that is a failure of the
 * service, 503, and no refusal of the caller, 403.
 */
export class CallersUnavailable extends Error {
  override readonly name: string = 'CallersUnavailable';
  // By these, Express, Koa and Fastify make their answer. See docs/callers.md for the others.
  readonly status: number = 503;
  readonly statusCode: number = 503;
  readonly headers: Readonly<Record<string, string>> = { 'retry-after': '10' };

  constructor(cause: unknown) {
    super('Who may call cannot be told at the moment.', { cause });
  }
}

export interface Refreshing {
  /** The rule of this moment. It should give up when the signal says so. */
  load(signal: AbortSignal): Promise<CallerRule>;
  /** From then on a request loads a newer rule, in the background: how late a change may count. In seconds. */
  readonly freshForSeconds: number;
  /** How long a rule may be used while no newer one can be loaded. In seconds. */
  readonly usableForSeconds: number;
  /** Is told why a rule could not be loaded. */
  readonly onError?: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const LOAD_TIMEOUT_MS = 2000;
/** After a failure, the source is left alone for so long. */
const RETRY_AFTER_MS = 1000;

/**
 * A caller rule that changes without a restart. It is asked for every request, so it answers from memory: requests wait
 * only while there is no rule yet, or the one there is has become too old.
 */
export function refreshing({
  load,
  freshForSeconds,
  usableForSeconds,
  onError,
  now = Date.now,
}: Refreshing): CallerRule {
  let current: { readonly rule: CallerRule; readonly loadedAt: number } | undefined;
  let lastError: unknown;
  let failedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  return (token) => {
    if (isYounger(freshForSeconds)) {
      return decide(token);
    }
    const loaded = loadOnce();
    return isYounger(usableForSeconds) ? decide(token) : loaded.then(() => decide(token));
  };

  function decide(token: Parameters<CallerRule>[0]): ReturnType<CallerRule> {
    if (current === undefined || !isYounger(usableForSeconds)) {
      throw new CallersUnavailable(lastError);
    }
    return current.rule(token);
  }

  function isYounger(seconds: number): boolean {
    return current !== undefined && now() - current.loadedAt < seconds * 1000;
  }

  /** One load for all who ask while it is under way. Never rejects: the older rule goes on, as long as it may. */
  function loadOnce(): Promise<void> {
    if (loading === undefined && now() - failedAt >= RETRY_AFTER_MS) {
      loading = loadInTime().finally(() => {
        loading = undefined;
      });
    }
    return loading ?? Promise.resolve();
  }

  async function loadInTime(): Promise<void> {
    const startedAt = now();
    try {
      const signal = AbortSignal.timeout(LOAD_TIMEOUT_MS);
      const timeIsUp = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      current = { rule: await Promise.race([load(signal), timeIsUp]), loadedAt: startedAt };
    } catch (error) {
      failedAt = now();
      lastError = error;
      onError?.(error);
    }
  }
}

/** A JSON list of e-mails or unique ids of service accounts. An empty one lets nobody in; a broken one changes nothing. */
export async function accountsIn(path: string, signal: AbortSignal): Promise<CallerRule> {
  const accounts: unknown = JSON.parse(await readFile(path, { encoding: 'utf8', signal }));
  if (!Array.isArray(accounts)) {
    throw new Error(`${path} must be a list of service accounts.`);
  }
  return accounts.length === 0 ? () => 'The list of callers is empty.' : serviceAccount(...accounts);
}

/** `options` is for tests, which bring keys of their own. */
export function createApp(
  callers: CallerRule,
  options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {},
): Express {
  const app = express();
  app.use(requireGoogleIdToken({ audience: 'https://api.example.com', callers, ...options }));
  app.get('/hello', (_req, res) => {
    res.json({ hello: 'caller' });
  });
  return app;
}

if (import.meta.main) {
  const callers = refreshing({
    load: (signal) => accountsIn('callers.json', signal),
    freshForSeconds: 10,
    usableForSeconds: 600,
    onError: (error) => console.warn(error),
  });
  createApp(callers).listen(3000, () => console.log('Listening on http://localhost:3000'));
}
