import type { AnyResponse, NodeRequest } from './messages.ts';

/** Answers a request whose handler, or a function among the options of the guard, has failed. */
export type OnFailed = (error: unknown, req: NodeRequest, res: AnyResponse) => unknown;

/** A server without a framework has nobody else who would tell of it. */
export const reportAndAnswer: OnFailed = (error, _req, res) => {
  console.error(error);
  if (res.headersSent) {
    res.destroy();
  } else {
    res.writeHead(500, { 'content-length': 0 });
    res.end('');
  }
};

/** Runs a function of the application, which may throw or reject with anything. */
export function run(work: () => unknown, fail: (error: unknown) => void): void {
  try {
    const result = work();
    if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === 'function') {
      Promise.resolve(result).catch(fail);
    }
  } catch (error) {
    fail(error);
  }
}
