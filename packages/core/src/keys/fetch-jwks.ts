import { parseJsonObject } from '../json.ts';
import type { AgeGauge } from './age.ts';
import { within } from './deadline.ts';
import { freshnessSeconds } from './freshness.ts';
import { usableJwks } from './jwks.ts';
import type { DatedJwks } from './snapshot.ts';
import { abandonBody, readBody } from './transport/read-body.ts';
import type { Transport } from './transport/transport.ts';

/** What a fetch works with. */
export interface FetchJwksOptions {
  readonly url: string;
  readonly transport: Transport;
  readonly timeoutSeconds: number;
  readonly now: () => number;
  readonly age: AgeGauge;
}

/**
 * Fetches the keys: one exchange, bounded in time and size, without redirects. The answer holds at least one usable key,
 * and its own time is not over.
 *
 * @throws Error that says in a constant sentence what was wrong with the answer
 */
export async function fetchJwks({ url, transport, timeoutSeconds, now, age }: FetchJwksOptions): Promise<DatedJwks> {
  return within(timeoutSeconds, 'The key URL did not answer in time.', async (signal) => {
    const fetchedAt = now();
    const answer = await transport(url, signal);
    if (answer.status !== 200) {
      abandonBody(answer);
      throw new Error(`The key URL answered with status ${answer.status}.`);
    }
    const jwks = usableJwks(parseJsonObject(await readBody(answer)));
    if (jwks === undefined) {
      throw new Error('The answer of the key URL is not a JSON object with a "keys" array.');
    }
    if (jwks.length === 0) {
      throw new Error('The answer of the key URL has no usable key.');
    }
    const freshForSeconds = freshnessSeconds(answer.headers, age.ageSeconds(answer.headers, fetchedAt));
    if (freshForSeconds === undefined) {
      throw new Error(
        'The answer of the key URL is older than it may be: a cache keeps it, or the clock of this machine is ahead.',
      );
    }
    return { jwks, fetchedAt, freshForSeconds };
  });
}
