/*
 * Readers of senders' requests with one thing wrong.
 */
import { type PubSubMessage, type PubSubPush, parsePubSubPush, SenderError } from '@id-token-guard/senders';
import type { Readers } from './senders.ts';

export const brokenReaders = {
  raw: { parsePush: ({ body }) => JSON.parse(`${body}`) },

  tellingBody: {
    parsePush({ body }) {
      throw new SenderError('body_not_json', JSON.stringify(body));
    },
  },

  tellingHeaders: {
    readTask(headers) {
      throw new SenderError('field_invalid', JSON.stringify(headers));
    },
  },

  anyDate: {
    readRun(headers) {
      const [, time] = Object.entries(headers).find(([name]) => name === 'x-cloudscheduler-scheduletime') ?? [];
      return { jobName: '', scheduleTime: new Date(`${time}`) };
    },
  },

  lenient: {
    parsePush: parseLeniently,
    readPush: async (request) => parseLeniently({ headers: {}, body: await request.bytes() }),
  },

  /** Decodes as Node.js does, with question marks for what is not UTF-8. */
  replacing: {
    parsePush: ({ headers, body }) =>
      parsePubSubPush({ headers, body: body instanceof Uint8Array ? Buffer.from(body).toString() : body }),
  },

  /** In an unwrapped push the publisher writes the body, and can make it look like a wrapped one. */
  bodyFirst: {
    parsePush({ headers, body }) {
      try {
        return parsePubSubPush({ headers: {}, body });
      } catch {
        return parsePubSubPush({ headers, body });
      }
    },
  },
} satisfies Record<string, Partial<Readers>>;

/** Takes whatever Node.js takes for base64. */
function parseLeniently({ headers, body }: PubSubPush): PubSubMessage {
  const json = body instanceof Uint8Array ? parsed(Buffer.from(body).toString()) : body;
  const { message, ...others } = Object(json) as { message?: { data?: unknown } };
  const data = typeof message?.data === 'string' ? Buffer.from(message.data, 'base64').toString('base64') : undefined;
  return parsePubSubPush({ headers, body: data === undefined ? body : { ...others, message: { ...message, data } } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
