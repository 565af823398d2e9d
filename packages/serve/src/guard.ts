import type { IncomingMessage } from 'node:http';
import {
  createGuard,
  type GoogleIdToken,
  type GuardEvent,
  nodeHeaders,
  type Refusal,
  toRefusal,
} from '@id-token-guard/core';
import type { Logger } from 'pino';
import { createVerifier } from './access.ts';
import { type Answer, BROKEN } from './answer.ts';
import type { GuardConfig } from './config.ts';
import { type Keys, openKeys } from './keys.ts';
import { logEvent, messageOf } from './log-event.ts';
import type { Metrics } from './metrics.ts';

/** Decides by one configuration; a reload makes another. */
export interface Guard {
  readonly config: GuardConfig;
  readonly keys: Keys;
  decide(req: IncomingMessage): Promise<Decision>;
}

/** Yes, with the token; or no, with the answer for the client. */
type Decision = { readonly token: GoogleIdToken } | { readonly refusal: Refusal | Answer };

/** Where a guard tells what happens. */
export interface Observers {
  readonly logger: Logger;
  readonly metrics: Metrics | undefined;
}

/**
 * Makes a guard.
 *
 * @param before the guard until now, whose keys go on where they come from the same places
 * @throws ConfigError
 */
export async function openGuard(config: GuardConfig, observers: Observers, before?: Guard): Promise<Guard> {
  const { logger, metrics } = observers;
  const keys = before?.keys.fits(config) ? before.keys : await openKeys(config, observe, logger);
  try {
    // What happens to the keys is told by the key set, also where no request has caused it.
    const verifier = createVerifier(config, keys.keySet, (event) => {
      if (event.type === 'token_accepted' || event.type === 'token_refused') {
        observe(event);
      }
    });
    const urlOf = config.requestUrl === undefined ? () => undefined : config.upstream === undefined ? askedUrl : ownUrl;
    const { admit } = createGuard<never, [], Refusal>([verifier, { header: config.header }], toRefusal);
    return {
      config,
      keys,
      async decide(req) {
        const admission = await admit(() => nodeHeaders(req), { url: urlOf(req) });
        switch (admission.outcome) {
          case 'admitted':
            // A guard that is not optional admits nobody without a token.
            return admission.googleIdToken === undefined ? { refusal: BROKEN } : { token: admission.googleIdToken };
          case 'refused':
            return { refusal: admission.answer };
          case 'failed':
            logger.error({ error: messageOf(admission.error) }, 'the guard has failed');
            return { refusal: BROKEN };
        }
      },
    };
  } catch (error) {
    if (keys !== before?.keys) {
      keys.close();
    }
    throw error;
  }

  function observe(event: GuardEvent): void {
    metrics?.count(event);
    logEvent(logger, event);
  }
}

/**
 * Path and query that a server in front has asked about: behind `/auth`, as Envoy puts them, or in `X-Forwarded-Uri`. It
 * must come once: of two values none is known to be that of the server.
 */
function askedUrl({ url = '', rawHeaders }: IncomingMessage): string | undefined {
  if (url.startsWith('/auth/')) {
    return url.slice('/auth'.length);
  }
  const values = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'x-forwarded-uri');
  return values.length === 1 ? values[0] : undefined;
}

function ownUrl({ url }: IncomingMessage): string | undefined {
  return url;
}
