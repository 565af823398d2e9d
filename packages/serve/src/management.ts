import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, errorAnswer, NOT_FOUND, send } from './answer.ts';
import type { Serving } from './serving.ts';

const METHOD_NOT_ALLOWED: Answer = {
  ...errorAnswer(405, 'method_not_allowed', 'Only GET and HEAD.'),
  headers: { allow: 'GET, HEAD', 'content-type': 'application/json' },
};

/** `/healthz`: it is alive; `/readyz`: there are keys to verify tokens with; `/metrics`: for Prometheus. */
export async function manage(serving: Serving, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = (req.url ?? '').replace(/\?.*$/, '');
  const answer = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  if (answer === undefined || (path === '/metrics' && serving.metrics === undefined)) {
    send(res, NOT_FOUND);
  } else if (req.method !== 'GET' && req.method !== 'HEAD') {
    send(res, METHOD_NOT_ALLOWED);
  } else {
    send(res, await answer(serving));
  }
}

const ENDPOINTS: Readonly<Record<string, (serving: Serving) => Answer | Promise<Answer>>> = {
  '/healthz': () => status(200, 'alive'),
  '/readyz': readiness,
  '/metrics': async ({ metrics }) => {
    const { type = '', text = '' } = (await metrics?.text()) ?? {};
    return { status: 200, headers: { 'content-type': type }, body: text };
  },
};

/** A probe also keeps the keys fresh: they are refreshed where that is due. */
async function readiness({ guard, isClosing }: Serving): Promise<Answer> {
  if (isClosing) {
    return status(503, 'closing');
  }
  try {
    await guard.keys.keySet.preload();
    return status(200, 'ready');
  } catch {
    return status(503, 'no keys');
  }
}

function status(code: number, text: string): Answer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status: code, headers, body: JSON.stringify({ status: text }) };
}
