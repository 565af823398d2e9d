/** What the tests use of polka, which comes without types. */
declare module 'polka' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  type Handler = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => unknown;

  interface Polka {
    readonly handler: RequestListener;
    use(...handlers: Handler[]): this;
  }

  function polka(): Polka;

  export = polka;
}
