import fc from 'fast-check';
import { bytesOf, jsonTexts, often } from './json-texts.ts';
import { documentTexts, goodDocuments } from './jwks.ts';

/** What a key URL does when it is asked. Plain data, so that a failure can be printed and made again. */
export interface KeyAnswer {
  readonly kind: 'answers' | 'breaks off' | 'rejects' | 'throws' | 'answers nothing';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Bytes of white space behind the body. */
  readonly more: number;
  readonly chunk: number;
}

const bodies = fc.oneof(
  { weight: 6, arbitrary: goodDocuments.map((text): Uint8Array => Buffer.from(text)) },
  { weight: 3, arbitrary: bytesOf(documentTexts) },
  { weight: 1, arbitrary: bytesOf(jsonTexts) },
  { weight: 1, arbitrary: fc.uint8Array() },
);

const headers = fc.record(
  {
    'cache-control': fc.oneof(
      fc.constantFrom(
        'public, max-age=19845, must-revalidate',
        'no-store',
        'max-age=0',
        'max-age="60"',
        'MAX-AGE=99999999999',
      ),
      fc.constantFrom('max-age=-1', 'max-age', 'max-age=1e3', 'max-age=1, max-age=2', 's-maxage=5', ','),
      fc.nat().map((seconds) => `max-age=${seconds}`),
    ),
    age: fc.oneof(
      fc.nat({ max: 60 }).map(String),
      fc.nat().map(String),
      fc.constantFrom('-1', '1, 2', '61, 0', '', 'x', '9'.repeat(400)),
    ),
    'content-type': fc.constantFrom('application/json', 'text/html'),
    location: fc.constant('https://evil.example/certs'),
  },
  { requiredKeys: [] },
);

/** Good half of the time. */
export const keyAnswers: fc.Arbitrary<KeyAnswer> = fc.record({
  kind: often<KeyAnswer['kind']>('answers', fc.constantFrom('breaks off', 'rejects', 'throws', 'answers nothing')),
  status: often(200, fc.constantFrom(201, 203, 204, 206, 301, 302, 304, 400, 404, 429, 500, 503)),
  headers,
  body: bodies,
  more: often(0, fc.constantFrom(1, 60_000, 65_535, 65_536, 200_000)),
  chunk: fc.constantFrom(1, 7, 1000, 1_000_000),
});

/** Does what an answer says, in place of `fetch`. */
export function giveAnswer(answer: KeyAnswer): Promise<Response> {
  if (answer.kind === 'throws') {
    throw new Error('The network is not there.');
  }
  if (answer.kind === 'rejects') {
    return Promise.reject(new TypeError('fetch failed'));
  }
  if (answer.kind === 'answers nothing') {
    return Promise.resolve(undefined as unknown as Response);
  }
  const hasBody = ![204, 304].includes(answer.status);
  return Promise.resolve(new Response(hasBody ? stream(answer) : null, answer));
}

function stream({ kind, body, more, chunk }: KeyAnswer): ReadableStream<Uint8Array> {
  const bytes = Buffer.concat([body, Buffer.alloc(more, ' ')]);
  // Not more than a hundred chunks: a byte at a time is for small bodies.
  const size = Math.max(chunk, Math.ceil(bytes.length / 100));
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent >= bytes.length) {
        return kind === 'breaks off' ? controller.error(new Error('The connection is gone.')) : controller.close();
      }
      controller.enqueue(Uint8Array.from(bytes.subarray(sent, sent + size)));
      sent += size;
    },
  });
}
