import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GoogleIdTokenErrorCode, RequestHeaders } from '@id-token-guard/core';
import express from 'express';
import Koa from 'koa';
import { describe, expect, test } from 'vitest';
import { readBearer, TOKEN_HEADERS } from '../../packages/core/src/bearer.ts';
import { type NodeRequest, nodeHeaders } from '../../packages/core/src/node-request.ts';
import { refusalOf } from './refusal-of.ts';

describe('finds the token in', () => {
  test.each<[string, RequestHeaders]>([
    ['the Headers of a Web request', new Headers({ Authorization: 'Bearer abc' })],
    ["an object with Node's lower-case names", { host: 'api.example.com', authorization: 'Bearer abc' }],
    ["an object of lists, as Node's headersDistinct", { host: ['api.example.com'], authorization: ['Bearer abc'] }],
    ['an object whose names are in any case', { AuthoRization: 'Bearer abc' }],
    ['an object without prototype', Object.assign(Object.create(null), { authorization: 'Bearer abc' })],
    ['an object beside a header that is called "get"', { get: 'x', authorization: 'Bearer abc' }],
    ['an object beside a header without a value', { 'x-other': undefined, authorization: 'Bearer abc' }],
    ['an object beside a header that is null', { 'x-other': null, authorization: 'Bearer abc' }],
    ['an object beside a header that is called "headers"', { headers: 'x', authorization: 'Bearer abc' }],
    ['an object of a gateway, with lists', { headers: ['x'], authorization: ['Bearer abc'] }],
    ['the lists of Lambda@Edge', { authorization: [{ key: 'Authorization', value: 'Bearer abc' }] }],
    ['a list with nothing beside it', { authorization: [null, undefined, 'Bearer abc'] }],
    ['whatever has a get(name) that gives a list', asHeaders(new Map([['authorization', ['Bearer abc']]]))],
    ['whatever has get(name)', { get: (name) => (name === 'authorization' ? 'Bearer abc' : null) }],
    ['a Map with lower-case names', asHeaders(new Map([['authorization', 'Bearer abc']]))],
  ])('%s', (_, headers) => {
    expect(readBearer(headers, 'authorization')).toBe('abc');
  });

  test.each([['Bearer abc'], ['bearer abc'], ['BEARER abc'], ['Bearer    abc']])(
    'a header that says %j: the scheme is case-insensitive, and spaces may follow it',
    (value) => {
      expect(readBearer({ authorization: value }, 'authorization')).toBe('abc');
    },
  );

  test('one header only, which may be x-serverless-authorization', () => {
    const headers = { authorization: 'Bearer abc', 'x-serverless-authorization': 'Bearer def' };

    expect(readBearer(headers, 'authorization')).toBe('abc');
    expect(readBearer(headers, 'x-serverless-authorization')).toBe('def');
    expect(readBearer(new Headers(headers), 'x-serverless-authorization')).toBe('def');
  });
});

test('takes the token as it is: what is in it is judged by the next step', () => {
  expect(readBearer({ authorization: 'Bearer "not/a=token"' }, 'authorization')).toBe('"not/a=token"');
});

describe('refuses', () => {
  test.each<[GoogleIdTokenErrorCode, string, RequestHeaders | null | undefined]>([
    ['token_missing', 'Headers without the header', new Headers()],
    ['token_missing', 'an object without the header', {}],
    ['token_missing', 'an object in which it has no value', { authorization: undefined }],
    ['token_missing', 'an object in which it has an empty list', { authorization: [] }],
    ['token_missing', 'no headers, as in the test call of a gateway: null', null],
    ['token_missing', 'no headers: undefined', undefined],
    ['token_missing', 'an object in which it is null', { authorization: null }],
    ['token_missing', 'an object in which it has a list of nothing', { authorization: [null, undefined] }],
    ['token_missing', 'an object that inherits the header', Object.create({ authorization: 'Bearer abc' })],
    ['token_missing', 'a Map without the header', asHeaders(new Map())],
    ['token_missing', 'a Map with upper-case names: get(name) is asked for the lower-case one', upperCaseMap()],
    ['token_missing', 'an empty header', { authorization: '' }],
    ['token_missing', 'another scheme', { authorization: 'Basic dTpw' }],
    ['token_missing', 'a token without scheme', { authorization: 'abc' }],
    ['token_missing', 'a scheme that only begins like Bearer', { authorization: 'Bearer-Token abc' }],
    ['token_missing', 'a scheme that only ends like Bearer', { authorization: 'XBearer abc' }],
    ['token_missing', 'another scheme with Bearer for a token', { authorization: 'Basic Bearer abc' }],
    ['token_missing', 'a token in another header', { 'x-serverless-authorization': 'Bearer abc' }],
    ['request_invalid', 'the scheme alone', { authorization: 'Bearer' }],
    ['request_invalid', 'the scheme and spaces', { authorization: 'Bearer   ' }],
    ['request_invalid', 'no space after the scheme', { authorization: 'Bearer"abc"' }],
    ['request_invalid', 'a space, but not after the scheme', { authorization: 'Bearer"a b"' }],
    ['request_invalid', 'a tab after the scheme', { authorization: 'Bearer\tabc' }],
    ['request_invalid', 'one more word', { authorization: 'Bearer abc def' }],
    ['request_invalid', 'a space behind the token', { authorization: 'Bearer abc ' }],
    ['request_invalid', 'a line break behind the token', { authorization: 'Bearer abc\n' }],
    ['request_invalid', 'a comma', { authorization: 'Bearer abc,' }],
    ['request_invalid', 'another scheme, a comma and Bearer', { authorization: 'Basic dTpw, Bearer abc' }],
    ['request_invalid', 'two values in a list', { authorization: ['Bearer abc', 'Bearer abc'] }],
    ['request_invalid', 'two values of Lambda@Edge', { authorization: [{ value: 'Bearer abc' }, { value: 'x' }] }],
    [
      'request_invalid',
      'two values that get(name) gives',
      asHeaders(new Map([['authorization', ['Bearer abc', 'x']]])),
    ],
    ['request_invalid', 'two names that differ by case', { authorization: 'Bearer abc', Authorization: 'Bearer abc' }],
    ['request_invalid', 'two values that Headers has joined', twoAuthorizations()],
  ])('%s: %s', async (code, _, headers) => {
    const refusal = await refusalOf(() => readBearer(headers, 'authorization'));

    expect(refusal.code).toBe(code);
    expect(refusal.hint).toContain('authorization');
  });

  test('a missing token, and tells the operator how senders get one', async () => {
    const refusal = await refusalOf(() => readBearer({}, 'x-serverless-authorization'));

    expect(refusal.hint).toContain('has no x-serverless-authorization header');
    expect(refusal.hint).toContain('--push-auth-service-account');
  });

  test.each<[string, RequestHeaders]>([
    ['Headers', new Headers()],
    ['a plain object', { authorization: undefined, 'x-serverless-authorization': undefined }],
  ])('%s with neither header, and names no header that is not there', async (_, headers) => {
    const refusal = await refusalOf(() => readBearer(headers, 'authorization'));

    expect(refusal.hint).toContain('has no authorization header');
    expect(refusal.hint).not.toContain('x-serverless-authorization');
  });

  test.each<[string, RequestHeaders]>([
    ['Headers', new Headers({ 'X-Serverless-Authorization': 'Bearer abc' })],
    ['a plain object', { 'x-serverless-authorization': 'Bearer abc' }],
  ])('%s with the token in the other header, and asks whether that one is meant', async (_, headers) => {
    const refusal = await refusalOf(() => readBearer(headers, 'authorization'));

    expect(refusal.hint).toBe(
      'The request has no Bearer token in the authorization header, but it has the x-serverless-authorization header: is the guard\'s option "header" meant to be "x-serverless-authorization"?',
    );
  });

  test.each(['authorization', 'x-serverless-authorization'] as const)(
    'what a gateway has moved out of the way of its own token, which is not in %s',
    async (header) => {
      const headers = new Headers({ 'X-Forwarded-Authorization': 'Bearer abc' });

      const refusal = await refusalOf(() => readBearer(headers, header));

      expect(refusal).toMatchObject({ code: 'token_missing', status: 401 });
      expect(refusal.hint).toBe(
        `The request has no Bearer token in the ${header} header: an API gateway has moved its caller's to X-Forwarded-Authorization, and adds none of its own. Let the gateway authenticate to this service (x-google-backend: jwt_audience).`,
      );
    },
  );

  test('another scheme without repeating what the header says', async () => {
    const refusal = await refusalOf(() => readBearer({ authorization: 'Basic c2VjcmV0' }, 'authorization'));

    expect(refusal.hint).toBe(
      'The authorization header has another scheme than Bearer, or none: it must be "Bearer", a space and the token.',
    );
  });
});

describe('throws a TypeError that says what to pass, for', () => {
  const PASS_HEADERS = /^Pass the headers of the request, not the request: nodeHeaders\(req\) on Node\.js/;
  const headers = { authorization: 'Bearer abc' };

  test.each<[string, unknown]>([
    ['a Web request', new Request('https://api.example.com', { headers })],
    [
      'a request of Express, whose get() gives the first of two headers',
      Object.assign(Object.create(express.request), { headers }),
    ],
    [
      'a context of Koa, whose get() gives the first of two headers',
      new Koa().createContext({ headers, socket: {} } as never, {} as never),
    ],
    ['an event of a gateway', { headers, body: '' }],
  ])('%s', (_, request) => {
    expect(() => readBearer(request as RequestHeaders, 'authorization')).toThrow(TypeError);
    expect(() => readBearer(request as RequestHeaders, 'authorization')).toThrow(PASS_HEADERS);
  });

  test.each<[string, unknown]>([
    ['names and values in turn', ['authorization', 'Bearer abc']],
    ['pairs', [['authorization', 'Bearer abc']]],
    ['a list of Lambda@Edge', [{ key: 'Authorization', value: 'Bearer abc' }]],
    ['text', 'Bearer abc'],
    ['a number', 42],
    ['a function', () => 'Bearer abc'],
  ])('%s', (_, notHeaders) => {
    expect(() => readBearer(notHeaders as RequestHeaders, 'authorization')).toThrow(
      new TypeError('Headers must be a Headers object, or a plain object of names and values.'),
    );
  });

  test.each<[string, unknown]>([
    ['an object, which may have more than one value', { value: 'Bearer abc', multiValue: [{ value: 'Bearer def' }] }],
    ['a list of lists', [['Bearer abc']]],
    ['a list of objects without a value', [{ key: 'Authorization' }, { key: 'Authorization', text: 'Bearer abc' }]],
    ['a number', 42],
    ['true', true],
    ['bytes', Buffer.from('Bearer abc')],
  ])('the header that is %s', (_, value) => {
    const headers = { authorization: value } as unknown as RequestHeaders;

    expect(() => readBearer(headers, 'authorization')).toThrow(
      new TypeError('The value of the header "authorization" must be text, or a list of texts.'),
    );
  });
});

describe('with a request of Node.js', () => {
  test('headersDistinct has the token', async () => {
    const { headersDistinct } = await receive(['Bearer abc']);

    expect(readBearer(headersDistinct, 'authorization')).toBe('abc');
  });

  test('headersDistinct shows a second Authorization header, where headers shows the first one only', async () => {
    const { headers, headersDistinct } = await receive(['Bearer abc', 'Bearer def']);

    expect(headers.authorization).toBe('Bearer abc');
    expect((await refusalOf(() => readBearer(headersDistinct, 'authorization'))).code).toBe('request_invalid');
  });

  test('nodeHeaders has the token', async () => {
    const headers = nodeHeaders(await receive(['Bearer abc']));

    expect(readBearer(headers, 'authorization')).toBe('abc');
  });

  test.each([[['Bearer abc', 'Bearer abc']], [['Bearer abc', 'Basic dTpw']], [['Basic dTpw', 'Bearer abc', 'x']]])(
    'nodeHeaders shows every Authorization header: %j',
    async (values) => {
      const headers = nodeHeaders(await receive(values));

      expect((await refusalOf(() => readBearer(headers, 'authorization'))).code).toBe('request_invalid');
    },
  );
});

describe('nodeHeaders', () => {
  test.each<[string, NodeRequest]>([
    [
      'finds the header among others, in any case',
      { headers: {}, rawHeaders: ['Host', 'api.example.com', 'AUTHORIZATION', 'Bearer abc', 'X-Other', 'x'] },
    ],
    [
      'takes no value for a name',
      { headers: {}, rawHeaders: ['x-name', 'authorization', 'authorization', 'Bearer abc'] },
    ],
    [
      'takes no other name for it, however long it is',
      { headers: {}, rawHeaders: ['x-authorizati', 'x', 'x-authorization', 'x', 'Authorization', 'Bearer abc'] },
    ],
    [
      'passes over a name without a value at the end',
      { headers: { authorization: 'Bearer abc' }, rawHeaders: ['authorization'] },
    ],
    [
      'takes the headers of a request that somebody made up without raw ones',
      { headers: { authorization: 'Bearer abc' } },
    ],
    [
      'takes the headers of a request whose raw ones have no token',
      { headers: { authorization: 'Bearer abc' }, rawHeaders: ['host', 'api.example.com'] },
    ],
    [
      'takes the raw headers before what somebody has made of them',
      { headers: { authorization: 'Bearer def' }, rawHeaders: ['authorization', 'Bearer abc'] },
    ],
  ])('%s', (_, request) => {
    expect(readBearer(nodeHeaders(request), 'authorization')).toBe('abc');
  });

  test('keeps the two token headers apart', () => {
    const headers = nodeHeaders({
      headers: {},
      rawHeaders: ['Authorization', 'Bearer abc', 'X-Serverless-Authorization', 'Bearer def'],
    });

    expect(readBearer(headers, 'authorization')).toBe('abc');
    expect(readBearer(headers, 'x-serverless-authorization')).toBe('def');
  });

  test('has nothing of a request without headers', async () => {
    const headers = nodeHeaders({ headers: {} });

    expect((await refusalOf(() => readBearer(headers, 'authorization'))).code).toBe('token_missing');
  });
});

test('the names of the headers that may carry a token cannot be changed', () => {
  expect(TOKEN_HEADERS).toStrictEqual(['authorization', 'x-serverless-authorization']);
  expect(Object.isFrozen(TOKEN_HEADERS)).toBe(true);
});

/** TypeScript asks for `get(name): string | null`; a Map says `undefined`, and works as well. */
function asHeaders(map: Map<string, unknown>): RequestHeaders {
  return map as unknown as Headers;
}

function upperCaseMap(): RequestHeaders {
  return asHeaders(new Map([['Authorization', 'Bearer abc']]));
}

function twoAuthorizations(): Headers {
  const headers = new Headers({ authorization: 'Bearer abc' });
  headers.append('Authorization', 'Bearer def');
  return headers;
}

/** The request as a server of Node.js gets it. */
async function receive(authorization: string[]): Promise<IncomingMessage> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const headers = ['host', 'api.example.com', ...authorization.flatMap((value) => ['authorization', value])];
  get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, headers }).on('error', () => {});
  const [request] = (await once(server, 'request')) as [IncomingMessage];
  server.close();
  server.closeAllConnections();
  return request;
}
