import {
  type AudienceRequest,
  type AuthenticateContext,
  nodeHeaders,
  type RequestUrlOptions,
  requestUrl,
  serviceAccount,
} from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { headerOf } from '../../packages/core/src/request-headers.ts';
import { createVerifier, google, idToken, SENDER } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';

const A = 'https://a.example.com';
const B = 'https://b.example.com';
const origins = [A, B];

/** A request as an audience rule sees it. */
function request(url: string | undefined, headers: Record<string, string> = {}): AudienceRequest {
  return { url, header: (name) => headers[name] };
}

function accepts(audience: string, at: AudienceRequest | undefined, options: Partial<RequestUrlOptions> = {}): boolean {
  return requestUrl({ origins, ...options })(audience, at);
}

describe('requestUrl() accepts', () => {
  test.each<[string, audience: string, AudienceRequest]>([
    ['the URL of the request', `${A}/push`, request('/push', { host: 'a.example.com' })],
    ['that of another origin of ours', `${B}/push`, request('/push', { host: 'b.example.com' })],
    ['a whole URL, as of a Web request', `${A}/push?x=1`, request(`${A}/push?x=1`)],
    ['a whole URL that says http, behind a proxy', `${A}/push`, request('http://a.example.com/push')],
    ['a whole URL with its host beside it', `${A}/push`, request(`${A}/push`, { host: 'a.example.com' })],
    ['a whole URL whose host says the default port', `${A}/x`, request(`${A}/x`, { host: 'a.example.com:443' })],
    ['path and query as they were received', `${A}/a%20b/%C3%BC?q=%2F+&q=`, at('/a%20b/%C3%BC?q=%2F+&q=')],
    ['dot segments as they were received', `${A}/a/../b`, at('/a/../b')],
    ['a host in upper case', `${A}/push`, request('/push', { host: 'A.Example.COM' })],
    ['the default port', `${A}/push`, request('/push', { host: 'a.example.com:443' })],
    ['the root', `${A}/`, at('/')],
    ['the root without its slash', A, at('/')],
    ['the root with a query', `${A}/?x=1`, at('/?x=1')],
    ['the root with a query, without its slash', `${A}?x=1`, at('/?x=1')],
    ['a whole URL without its slash', A, request(A)],
    ['a whole URL without its slash, with it', `${A}/`, request(A)],
  ])('%s', (_, audience, at) => {
    expect(accepts(audience, at)).toBe(true);
  });

  test.each([
    ['a port', 'https://a.example.com:8443', 'a.example.com:8443'],
    ['an IPv6 literal', 'https://[::1]', '[::1]'],
    ['an IPv6 literal with a port', 'http://[2001:db8::1]:8080', '[2001:DB8::1]:8080'],
    ['a trailing dot, where the origin has it', 'https://a.example.com.', 'a.example.com.'],
    ['a name in Punycode', 'https://xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['http', 'http://localhost:3000', 'localhost:3000'],
    ['http with the default port', 'http://localhost', 'localhost:80'],
  ])('an origin with %s', (_, origin, host) => {
    expect(accepts(`${origin}/push`, request('/push', { host }), { origins: [A, origin] })).toBe(true);
  });

  test('either origin of a host that is listed with http and with https', () => {
    const options = { origins: [A, 'http://a.example.com'] };

    expect(accepts(`${A}/x`, at('/x'), options)).toBe(true);
    expect(accepts('http://a.example.com/x', at('/x'), options)).toBe(true);
    expect(accepts('http://a.example.com/x', request('/x', { host: 'a.example.com:443' }), options)).toBe(false);
    expect(accepts(`${A}/x`, request('/x', { host: 'a.example.com:80' }), options)).toBe(false);
    expect(accepts(`${A}/x`, request(`${A}/x`, { host: 'a.example.com:443' }), options)).toBe(true);
    expect(accepts(`${A}/x`, request('https://a.example.com:443/x', { host: 'a.example.com:80' }), options)).toBe(
      false,
    );
  });

  test('the forwarded host where that is trusted, and nothing else then', () => {
    const forwarded = request('/push', { host: '10.0.0.5:3000', 'x-forwarded-host': 'a.example.com' });
    const own = request('/push', { host: 'a.example.com', 'x-forwarded-host': 'b.example.com' });
    const foreign = request('/push', { host: 'a.example.com', 'x-forwarded-host': 'c.example.com' });
    const none = request('/push', { host: 'a.example.com' });
    const trustForwarded = true;

    expect(accepts(`${A}/push`, forwarded, { trustForwarded })).toBe(true);
    expect(accepts(`${A}/push`, forwarded)).toBe(false);
    expect(accepts(`${B}/push`, own, { trustForwarded })).toBe(true);
    expect(accepts(`${A}/push`, own, { trustForwarded })).toBe(false);
    expect(accepts(`${A}/push`, own)).toBe(true);
    expect(accepts(`${B}/push`, own)).toBe(false);
    expect(accepts(`${A}/push`, foreign, { trustForwarded })).toBe(false);
    expect(accepts(`${A}/push`, none, { trustForwarded })).toBe(true);
  });
});

/** A request to the first origin. */
function at(url: string): AudienceRequest {
  return request(url, { host: 'a.example.com' });
}

describe('requestUrl() does not accept', () => {
  test.each<[string, audience: string]>([
    ['another tenant', `${B}/push/a?x=1&y=2`],
    ['another path', `${A}/push/b?x=1&y=2`],
    ['a path below', `${A}/push/a/b?x=1&y=2`],
    ['a path above', `${A}/push?x=1&y=2`],
    ['a trailing slash more', `${A}/push/a/?x=1&y=2`],
    ['a path in upper case', `${A}/push/A?x=1&y=2`],
    ['another spelling of the path', `${A}/push/%61?x=1&y=2`],
    ['another query', `${A}/push/a?x=1&y=3`],
    ['another order of the query', `${A}/push/a?y=2&x=1`],
    ['a query less', `${A}/push/a`],
    ['a query more', `${A}/push/a?x=1&y=2&z=3`],
    ['a fragment', `${A}/push/a?x=1&y=2#z`],
    ['another scheme', 'http://a.example.com/push/a?x=1&y=2'],
    ['a scheme in upper case', 'HTTPS://a.example.com/push/a?x=1&y=2'],
    ['a host in upper case', 'https://A.example.com/push/a?x=1&y=2'],
    ['a port', 'https://a.example.com:443/push/a?x=1&y=2'],
    ['a user', 'https://user@a.example.com/push/a?x=1&y=2'],
    ['the origin', A],
    ['the path', '/push/a?x=1&y=2'],
    ['nothing', ''],
  ])('%s', (_, audience) => {
    expect(accepts(`${A}/push/a?x=1&y=2`, at('/push/a?x=1&y=2'))).toBe(true);
    expect(accepts(audience, at('/push/a?x=1&y=2'))).toBe(false);
  });

  test.each<[string, host: string]>([
    ['is not listed', 'c.example.com'],
    ['ends in a listed one', 'x.a.example.com'],
    ['begins with a listed one', 'a.example.com.example.net'],
    ['has a trailing dot', 'a.example.com.'],
    ['has another port', 'a.example.com:8443'],
    ['has the default port of another scheme', 'a.example.com:80'],
    ['has a port that is none', 'a.example.com:'],
    ['has a port with a zero in front', 'a.example.com:0443'],
    ['has two ports', 'a.example.com:443:443'],
    ['is empty', ''],
    ['has white space', ' a.example.com'],
    ['has a line break', 'a.example.com\r\n'],
    ['is two', 'a.example.com, a.example.com'],
    ['is two without a space', 'a.example.com,b.example.com'],
    ['has a scheme', A],
    ['has a path', 'a.example.com/push'],
    ['has a backslash', 'a.example.com\\@c.example.com'],
    ['has a query', 'a.example.com?x'],
    ['has a fragment', 'a.example.com#x'],
    ['has a user', 'user@a.example.com'],
    ['has an encoded letter', '%61.example.com'],
    ['has a letter that looks like one of ours', '\u0430.example.com'],
    ['has a letter that becomes one of ours in lower case', 'a.example.com'.replace('e', '\u0130')],
    ['is in brackets', '[a.example.com]'],
    ['is the name of something that every object has', 'constructor'],
  ])('anything where the host %s, wherever it stands', (_, host) => {
    for (const here of [
      request('/push', { host }),
      request('/push', { host: 'a.example.com', 'x-forwarded-host': host }),
    ]) {
      for (const audience of [`${A}/push`, `https://${host}/push`, `${host}/push`, A]) {
        expect(accepts(audience, here, { trustForwarded: true })).toBe(false);
      }
    }
    expect(accepts(`${A}/push`, request(`https://${host}/push`))).toBe(false);
  });

  test('a URL without the slash between host and path', () => {
    expect(accepts('https://a.example.compush/', at('/push/'))).toBe(false);
    expect(accepts('https://a.example.compush/?x', at('/push/?x'))).toBe(false);
  });

  test('anything where an IPv6 literal is written in another way', () => {
    const options = { origins: ['https://[::1]:8443'] };

    for (const host of ['[::1]:8443:443', '[0:0:0:0:0:0:0:1]:8443', '::1:8443', '[::1%25lo]:8443', '[::1]']) {
      expect(accepts('https://[::1]:8443/push', request('/push', { host }), options)).toBe(false);
    }
    expect(accepts('https://[::1]:8443/push', request('/push', { host: '[::1]:8443' }), options)).toBe(true);
  });

  test.each<[string, AudienceRequest | undefined]>([
    ['there is no request', undefined],
    ['nobody told the URL', request(undefined, { host: 'a.example.com' })],
    ['the request has no host', request('/push')],
    ['the target is not a path', request('*', { host: 'a.example.com' })],
    ['the target is empty', request('', { host: 'a.example.com' })],
    ['the target is a host, as of CONNECT', request('a.example.com:443', { host: 'a.example.com' })],
    ['the target has a scheme of its own', request('ftp://a.example.com/push', { host: 'a.example.com' })],
    ['the target and the host differ', request(`${A}/push`, { host: 'b.example.com' })],
    ['the target is listed and the host is not', request(`${A}/push`, { host: 'c.example.com' })],
    ['the host is listed and the target is not', request('https://c.example.com/push', { host: 'a.example.com' })],
    ['the target is a path without its slash', request('x/push', { host: 'a.example.com' })],
    ['the target is a URL without a path, but with a query', request(`${A}?x`)],
    ['the target has a user', request('https://user@a.example.com/push', { host: 'a.example.com' })],
  ])('anything where %s', (_, here) => {
    for (const audience of [`${A}/push`, `${B}/push`, A, `${A}/`, '*', `${A}*`, `${A}//a.example.com/push`, '']) {
      expect(accepts(audience, here)).toBe(false);
    }
  });
});

describe('requestUrl() is a TypeError with', () => {
  const mustBe = /^"origins" must be scheme and host in lower case, and a port that is not the default/;

  test.each<[string, unknown, string | RegExp]>([
    ['no options', undefined, 'requestUrl() takes an object of options.'],
    ['a string', A, 'requestUrl() takes an object of options.'],
    ['no origins', {}, /^"origins" must be a list of origins/],
    ['an empty list', { origins: [] }, /^"origins" must be a list of origins/],
    ['one origin without a list', { origins: A }, /^"origins" must be a list of origins/],
    ['an origin that is missing', { origins: [A, undefined] }, mustBe],
    ['an empty origin', { origins: [''] }, mustBe],
    ['a variable that is not set', { origins: ['https://undefined'] }, mustBe],
    ['a path', { origins: [`${A}/push`] }, mustBe],
    ['a slash at the end', { origins: [`${A}/`] }, mustBe],
    ['upper case', { origins: ['https://A.example.com'] }, mustBe],
    ['the default port', { origins: ['https://a.example.com:443'] }, mustBe],
    ['a host without a scheme', { origins: ['a.example.com'] }, mustBe],
    ['another scheme', { origins: ['ftp://a.example.com'] }, mustBe],
    ['a scheme without origins', { origins: ['data:x'] }, mustBe],
    ['letters that are not ASCII', { origins: ['https://bücher.example'] }, mustBe],
    ['a user', { origins: ['https://user@a.example.com'] }, mustBe],
    ['white space', { origins: [` ${A}`] }, mustBe],
    ['a RegExp', { origins: [/a/] }, mustBe],
    ['a URL object', { origins: [new URL(A)] }, mustBe],
    ['a symbol', { origins: [Symbol(A)] }, mustBe],
    ['a scheme of WebSockets', { origins: ['wss://a.example.com'] }, mustBe],
    ['a wildcard', { origins: ['https://*.example.com'] }, '"origins" has no wildcards: list each origin.'],
    ['a word for trustForwarded', { origins, trustForwarded: 'yes' }, '"trustForwarded" must be true or false.'],
    ['a misspelt option', { origins, trustForward: true }, /^Unknown option "trustForward": requestUrl\(\) knows/],
  ])('%s', (_, options, message) => {
    expect(() => requestUrl(options as never)).toThrow(TypeError);
    expect(() => requestUrl(options as never)).toThrow(message);
  });

  test('nothing that is pushed into the list later counts', () => {
    const list = [A];
    const rule = requestUrl({ origins: list });
    list.push(B);

    expect(rule(`${B}/`, request('/', { host: 'b.example.com' }))).toBe(false);
  });
});

describe('a verifier whose audience is the URL of the request', () => {
  const verifier = createVerifier({ audience: requestUrl({ origins }) });
  const forwarding = createVerifier({ audience: requestUrl({ origins, trustForwarded: true }) });

  async function outcome(
    token: string,
    headers: Record<string, string>,
    context: AuthenticateContext,
    by = verifier,
  ): Promise<string> {
    const sent = new Headers({ authorization: `Bearer ${token}`, ...headers });
    try {
      await by.authenticate(sent, context);
      return 'accepted';
    } catch (error) {
      const { code, status, claim } = await refusalOf(() => Promise.reject(error));
      return `${status} ${code} ${claim}`;
    }
  }

  const mismatch = '401 audience_mismatch aud';

  test('holds a token against it each time, whether or not it remembers it', async () => {
    const token = await idToken({ aud: `${A}/push?x=1` });
    for (const time of ['new', 'remembered', 'remembered for longer']) {
      const outcomes = {
        time,
        own: await outcome(token, { host: 'a.example.com' }, { url: '/push?x=1' }),
        tenant: await outcome(token, { host: 'b.example.com' }, { url: '/push?x=1' }),
        path: await outcome(token, { host: 'a.example.com' }, { url: '/pull?x=1' }),
        query: await outcome(token, { host: 'a.example.com' }, { url: '/push?x=2' }),
        unlisted: await outcome(token, { host: 'c.example.com' }, { url: '/push?x=1' }),
        forwarded: await outcome(
          token,
          { host: '10.0.0.5', 'x-forwarded-host': 'a.example.com' },
          { url: '/push?x=1' },
        ),
        trusted: await outcome(
          token,
          { host: '10.0.0.5', 'x-forwarded-host': 'a.example.com' },
          { url: '/push?x=1' },
          forwarding,
        ),
        untold: await outcome(token, { host: 'a.example.com' }, {}),
      };
      expect(outcomes).toEqual({
        time,
        own: 'accepted',
        tenant: mismatch,
        path: mismatch,
        query: mismatch,
        unlisted: mismatch,
        forwarded: mismatch,
        trusted: 'accepted',
        untold: mismatch,
      });
    }
  });

  test('lets no token pass that comes without a request', async () => {
    const token = await idToken({ aud: `${A}/push` });

    expect((await refusalOf(() => verifier.verify(token))).code).toBe('audience_mismatch');
  });

  test('spends no fetch on an unknown key id of a token for another URL', async () => {
    const own = await idToken({ aud: `${A}/push` }, { kid: 'f'.repeat(40) });
    const before = google.jwksRequests;
    const fresh = createVerifier({ audience: requestUrl({ origins }), keys: google.keySet() });
    await fresh.keys.preload();
    const preloaded = google.jwksRequests;

    expect(await outcome(own, { host: 'b.example.com' }, { url: '/push' }, fresh)).toMatch('key_unknown');
    expect(google.jwksRequests).toBe(preloaded);
    expect(await outcome(own, { host: 'a.example.com' }, { url: '/push' }, fresh)).toMatch('key_unknown');
    expect(google.jwksRequests).toBe(preloaded + 1);
    expect(preloaded).toBe(before + 1);
  });

  test('lets two requests at the same time have one each', async () => {
    const [ofA, ofB] = await Promise.all([idToken({ aud: `${A}/` }), idToken({ aud: `${B}/` })]);
    const cold = createVerifier({ audience: requestUrl({ origins }), keys: google.keySet() });

    const outcomes = await Promise.all([
      outcome(ofA, { host: 'a.example.com' }, { url: '/' }, cold),
      outcome(ofB, { host: 'a.example.com' }, { url: '/' }, cold),
      outcome(ofB, { host: 'b.example.com' }, { url: '/' }, cold),
      outcome(ofA, { host: 'b.example.com' }, { url: '/' }, cold),
    ]);

    expect(outcomes).toEqual(['accepted', mismatch, 'accepted', mismatch]);
  });
});

describe('an audience rule of one’s own', () => {
  test('is told the request as it was received', async () => {
    const seen: unknown[] = [];
    const verifier = createVerifier({
      callers: serviceAccount(SENDER.email),
      audience(audience, request) {
        seen.push([audience, request?.url, request?.header('x-tenant'), request?.header('x-none')]);
        return audience === 'https://api.example.com/of/a' && request?.header('x-tenant') === 'a';
      },
    });
    const token = await idToken({ aud: 'https://api.example.com/of/a' });
    const headers = { authorization: `Bearer ${token}`, 'x-tenant': 'a' };

    await verifier.authenticate(headers, { url: '/x?y' });
    await verifier.authenticate(headers, { url: '/x?y' });
    expect((await refusalOf(() => verifier.authenticate({ ...headers, 'x-tenant': 'b' }))).code).toBe(
      'audience_mismatch',
    );
    expect((await refusalOf(() => verifier.verify(token))).code).toBe('audience_mismatch');

    expect(seen.slice(1)).toEqual([
      ['https://api.example.com/of/a', '/x?y', 'a', undefined],
      ['https://api.example.com/of/a', '/x?y', 'a', undefined],
      ['https://api.example.com/of/a', undefined, 'b', undefined],
      ['https://api.example.com/of/a', undefined, undefined, undefined],
    ]);
  });
});

describe('the hint says what differs', () => {
  async function hintOf(
    aud: string,
    url: string | undefined,
    headers: Record<string, string> = { host: 'a.example.com' },
  ): Promise<string | undefined> {
    const verifier = createVerifier({ audience: requestUrl({ origins }) });
    const token = await idToken({ aud });
    const refusal = await refusalOf(() =>
      verifier.authenticate({ authorization: `Bearer ${token}`, ...headers }, { url }),
    );
    expect(refusal.code).toBe('audience_mismatch');
    return refusal.hint;
  }

  const at = 'expected the URL of the request, which came to https://a.example.com:';

  test.each([
    ['the host', 'https://b.example.com/push', `${at} the host or port differs.`],
    ['the port', 'https://a.example.com:8443/push', `${at} the host or port differs.`],
    ['the scheme', 'http://a.example.com/push', `${at} the scheme differs (http or https).`],
    ['the path', `${A}/pull`, `${at} the path differs.`],
    ['a slash', `${A}/push/`, `${at} the path differs by a trailing slash.`],
    ['the query', `${A}/push?x=2`, `${at} the query differs.`],
    ['a query that is missing', `${A}/push?`, `${at} the query differs.`],
    ['a fragment', `${A}/push#x`, `${at} "aud" has a fragment, which nobody sends.`],
    ['a URL with something in front', `x ${A}/push`, `${at} "aud" is not such a URL.`],
    ['everything', 'my-service', `${at} "aud" is not such a URL.`],
  ])('%s', async (_, aud, hint) => {
    expect(await hintOf(aud, '/push')).toBe(`"aud" is ${JSON.stringify(aud)}, ${hint}`);
  });

  test('a slash that the token lacks', async () => {
    expect(await hintOf(`${A}/push`, '/push/')).toContain(`${at} the path differs by a trailing slash.`);
  });

  test.each([
    ['cut at &', `${A}/push?a=1`, '/push?a=1&b=2'],
    ['a space for +', `${A}/a b`, '/a+b'],
    ['decoded', `${A}/A`, '/%41'],
  ])('what a client has made of it in a query: %s', async (_, aud, url) => {
    expect(await hintOf(aud, url)).toContain(`${at} the client has put it into a query unescaped`);
  });

  test('but nothing of path and query of the request, which may hold secrets', async () => {
    const hint = await hintOf(`${A}/push`, '/push/secret-path?key=secret-key');

    expect(hint).not.toMatch(/secret/);
  });

  test.each<[string, string | undefined, Record<string, string>, string]>([
    [
      'a host that is not listed',
      '/push',
      { host: 'c.example.com"\u00e9' },
      'but its host, "c.example.com\\"\\u00e9", is none of the "origins".',
    ],
    ['no host', '/push', {}, 'but its host, which it does not name, is none of the "origins".'],
    [
      'two hosts',
      'https://b.example.com/push',
      { host: 'a.example.com' },
      'but its host, "a.example.com" and "b.example.com", is none of the "origins".',
    ],
    [
      'a proxy that is not trusted',
      '/push',
      { host: '10.0.0.5', 'x-forwarded-host': 'a.example.com' },
      'but its host, "10.0.0.5", is none of the "origins". X-Forwarded-Host counts only with "trustForwarded".',
    ],
    ['no path', '*', { host: 'a.example.com' }, 'but the request has none: its target is not a path.'],
    [
      'a program that does not tell',
      undefined,
      { host: 'a.example.com' },
      'but the verifier was not told it: use an adapter, or pass "url" to authenticate().',
    ],
  ])('%s', async (_, url, headers, hint) => {
    expect(await hintOf(`${A}/push`, url, headers)).toBe(
      `"aud" is "${A}/push", expected the URL of the request, ${hint}`,
    );
  });
});

describe('nodeHeaders() gives the host', () => {
  test.each<[string, string[], string | undefined]>([
    ['of HTTP/1.1', ['Host', 'a.example.com'], 'a.example.com'],
    ['of HTTP/2', [':authority', 'a.example.com'], 'a.example.com'],
    ['of HTTP/2 where it is there twice', [':authority', 'a.example.com', 'host', 'a.example.com'], 'a.example.com'],
    ['as two that differ', [':authority', 'a.example.com', 'host', 'b.example.com'], 'a.example.com, b.example.com'],
    ['as two of a name', ['host', 'a.example.com', 'Host', 'a.example.com'], 'a.example.com, a.example.com'],
    ['as none', [], undefined],
  ])('%s', (_, rawHeaders, host) => {
    expect(headerOf(nodeHeaders({ rawHeaders, headers: {} }), 'host')).toBe(host);
  });

  test('from the headers of a request without raw ones', () => {
    expect(headerOf(nodeHeaders({ headers: { ':authority': 'a.example.com' } }), 'host')).toBe('a.example.com');
  });
});
