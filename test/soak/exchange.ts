/*
 * Sends one request, and reads the answer as one outcome.
 */
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { type Outcome, STATUS } from './kinds.ts';

/** What came back: an outcome, or something that is none, in words; `lost`: no answer. */
export type Result = { readonly outcome: Outcome } | { readonly wrong: string } | { readonly lost: string };

export interface Target {
  readonly port: number;
  readonly agent: Agent;
}

/** Longer than all timeouts of a service together. */
const ANSWER_WITHIN_MS = 20_000;

export function exchange({ port, agent }: Target, id: string, authorization: string | undefined): Promise<Result> {
  return new Promise((resolve) => {
    const headers = authorization === undefined ? {} : { authorization };
    const outgoing = request({ host: '127.0.0.1', port, agent, path: `/orders/${id}`, headers }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (chunk) => {
        body += chunk;
      });
      res.on('error', (error) => resolve({ lost: error.message }));
      res.on('end', () => resolve(read(id, res.statusCode ?? 0, res.headers, body)));
    });
    outgoing.setTimeout(ANSWER_WITHIN_MS, () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', (error) => resolve({ lost: error.message }));
    outgoing.end();
  });
}

function read(id: string, status: number, headers: IncomingHttpHeaders, body: string): Result {
  const answer = parse(body);
  if (status === 200) {
    return answer?.id === id ? { outcome: 'accepted' } : { wrong: `200 with another body: ${body.slice(0, 200)}` };
  }
  const outcome = Object.keys(STATUS).find((code) => code === answer?.code) as Outcome | undefined;
  if (outcome === undefined || STATUS[outcome] !== status) {
    return { wrong: `${status} with ${body.slice(0, 200)}` };
  }
  const fault = faultOf(outcome, headers);
  return fault === undefined ? { outcome } : { wrong: `${outcome} ${fault}` };
}

/** RFC 6750 §3: a refusal has a challenge; 503 is none, and says when to come back (RFC 9110 §15.6.4). */
function faultOf(outcome: Outcome, headers: IncomingHttpHeaders): string | undefined {
  if (headers['cache-control'] !== 'no-store') {
    return 'may be cached';
  }
  if (outcome !== 'keys_unavailable') {
    return headers['www-authenticate']?.startsWith('Bearer ') ? undefined : 'without a challenge';
  }
  const seconds = Number(headers['retry-after']);
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= 60 ? undefined : 'without a fair Retry-After';
}

function parse(body: string): { id?: unknown; code?: unknown } | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
