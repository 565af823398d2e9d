import { GoogleIdTokenError, type GoogleIdTokenErrorCode, type RequestHeaders, toRefusal } from '@id-token-guard/core';

/** How an app answered. What is left out is not checked. */
export type GuardAnswer =
  | Response
  | {
      readonly status: number;
      /** Names in any case. */
      readonly headers?: RequestHeaders;
      /** Text, or the JSON in it. */
      readonly body?: unknown;
    };

/** An answer that has been read. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: ReadHeaders | undefined;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
}

interface ReadHeaders {
  get(name: string): string | null;
}

/** @throws TypeError where it is no answer */
export async function readAnswer(answer: GuardAnswer): Promise<ReadAnswer> {
  if (typeof answer?.status !== 'number') {
    throw new TypeError('send() must resolve to a Response or to { status, headers?, body? }.');
  }
  const { status, headers } = answer;
  const body = isResponse(answer) ? await answer.text() : answer.body;
  return { status, headers: headers && readHeaders(headers), body: parsed(body) };
}

// By its method: other runtimes within Node.js have Response classes of their own.
function isResponse(answer: GuardAnswer): answer is Response {
  return 'text' in answer && typeof answer.text === 'function';
}

function readHeaders(headers: RequestHeaders): ReadHeaders {
  if (typeof headers.get === 'function') {
    return headers as ReadHeaders;
  }
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const single of [value].flat()) {
      if (typeof single === 'string') {
        all.append(name, single);
      }
    }
  }
  return all;
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') {
    return body;
  }
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Whether the app said that it cannot get the keys to verify with. */
export function hadNoKeys({ status, body }: ReadAnswer): boolean {
  return status === 503 && codeOf(body) === 'keys_unavailable';
}

/** What an answer lacks to be the refusal with this code: each in words of what was expected. */
export function missingFrom(answer: ReadAnswer, code: GoogleIdTokenErrorCode): string[] {
  const expected = toRefusal(new GoogleIdTokenError(code));
  const missing: string[] = [];
  if (answer.status !== expected.status) {
    missing.push(`status ${expected.status}`);
  }
  if (answer.body !== undefined && codeOf(answer.body) !== code) {
    missing.push(`a JSON body with "code": "${code}"`);
  }
  if (answer.headers !== undefined) {
    missing.push(...missingHeaders(answer.headers, expected.headers));
  }
  return missing;
}

function missingHeaders(actual: ReadHeaders, expected: Readonly<Record<string, string>>): string[] {
  const missing: string[] = [];
  const challenge = actual.get('www-authenticate');
  const error = errorOf(expected['www-authenticate']);
  if (expected['www-authenticate'] === undefined) {
    if (challenge !== null) {
      missing.push('no WWW-Authenticate header, since another token would not help');
    }
  } else if (!/^bearer /i.test(challenge ?? '') || errorOf(challenge) !== error) {
    missing.push(`WWW-Authenticate: Bearer …${error === undefined ? ', without error=' : ` error="${error}"`}`);
  }
  if (expected['retry-after'] !== undefined && actual.get('retry-after') === null) {
    missing.push('a Retry-After header');
  }
  return missing;
}

function errorOf(challenge: string | null | undefined): string | undefined {
  return /\berror="([^"]*)"/.exec(challenge ?? '')?.[1];
}

function codeOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
}

const MAX_SHOWN_LENGTH = 200;

/** An answer in one line, for the message of a failed test. */
export function describeAnswer({ status, headers, body }: ReadAnswer): string {
  const challenge = headers?.get('www-authenticate');
  const shown = body === undefined || body === '' ? '' : ` ${JSON.stringify(body).slice(0, MAX_SHOWN_LENGTH)}`;
  return `${status}${shown}${challenge ? `, WWW-Authenticate: ${challenge}` : ''}`;
}
