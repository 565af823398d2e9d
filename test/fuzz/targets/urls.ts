import assert from 'node:assert/strict';
import { type AudienceRule, urlsUnder } from '@id-token-guard/core';
import fc from 'fast-check';
import { audiencesNear, bases } from '../generators/audiences.ts';
import { property, type Target } from '../target.ts';

export type UrlsUnder = (base: string) => AudienceRule;

const pairs = bases.chain((base) => fc.tuple(fc.constant(base), audiencesNear(base)));

export const urls: Target<UrlsUnder> = {
  name: 'urlsUnder',
  subject: urlsUnder,
  properties: [
    property({
      name: 'throws a TypeError for a base, and never for an audience',
      values: fc.oneof(pairs, fc.tuple(fc.anything(), fc.string({ unit: 'binary' }))),
      check(subject: UrlsUnder, [base, audience]) {
        const rule = ruleOf(subject, base as string);
        if (rule === undefined) {
          return 'no base';
        }
        const { protocol, username, password, search, hash } = new URL(base as string);
        assert(['http:', 'https:'].includes(protocol) && username + password + search + hash === '');
        const answer: unknown = rule(audience);
        assert.equal(typeof answer, 'boolean');
        return answer ? 'accepted' : 'refused';
      },
      outcomes: ['no base', 'accepted', 'refused'],
      broken: {
        'takes anything for a base': (base) => (audience) => audience === base,
        'takes anything for a URL': checkedBase((base, audience) => new URL(audience).origin === new URL(base).origin),
      },
    }),
    property({
      name: 'accepts the same origin only, for the URL parser',
      values: pairs,
      check(subject: UrlsUnder, [base, audience]) {
        const rule = ruleOf(subject, base);
        if (!rule?.(audience)) {
          return 'refused';
        }
        const [root, url] = [new URL(base), new URL(audience)];
        assert.deepEqual([url.origin, url.username, url.password], [root.origin, '', '']);
        assert(isAtOrBelow(url.pathname, root.pathname), `${url.pathname} is not below ${root.pathname}`);
        assert(rule(url.href), 'The spelling of the URL parser is another URL.');
        return 'accepted';
      },
      outcomes: ['accepted', 'refused'],
      broken: {
        'compares the beginning': checkedBase((base, audience) => audience.startsWith(base)),
        'compares hosts by their end': checkedBase((base, audience) => hostOf(audience)?.endsWith(hostOf(base) ?? '!')),
        'compares hosts only': checkedBase((base, audience) => hostOf(audience) === hostOf(base)),
        'takes dot segments': checkedBase((base, audience) => audience.startsWith(`${base.replace(/\/$/, '')}/`)),
      },
    }),
    property({
      name: 'accepts what RFC 3986 takes apart into the same origin, at or below the path, and nothing else',
      values: pairs,
      check(subject: UrlsUnder, [base, audience]) {
        const rule = ruleOf(subject, base);
        if (rule === undefined) {
          return 'no base';
        }
        const expected = isUnder(base, audience);
        assert.equal(rule(audience), expected);
        return expected ? 'accepted' : 'refused';
      },
      outcomes: ['no base', 'accepted', 'refused'],
      broken: {
        'compares the beginning': checkedBase((base, audience) => audience.startsWith(base)),
        'trusts the URL parser': checkedBase((base, audience) => isBelowForUrlParser(base, audience)),
        'lets nobody in': checkedBase(() => false),
      },
    }),
  ],
};

function ruleOf(subject: UrlsUnder, base: string): AudienceRule | undefined {
  try {
    return subject(base);
  } catch (error) {
    assert(error instanceof TypeError && error.message.startsWith('urlsUnder() takes'), String(error));
    return undefined;
  }
}

/** Segment by segment. Below a path with a slash at its end there is at least an empty segment. */
function isAtOrBelow(path: string, root: string): boolean {
  const [segments, wanted] = [path.split('/'), root.split('/')];
  const named = wanted.at(-1) === '' ? wanted.slice(0, -1) : wanted;
  return segments.length >= wanted.length && named.every((segment, index) => segment === segments[index]);
}

/** The path percent-encode set of the URL standard, as far as it is ASCII. An empty path is that of the root. */
function escapedPath(path: string): string {
  return path === '' ? '/' : path.replace(/["<>^`{}]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

interface Parts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** RFC 3986, appendix B, and §6.2.2.1, §6.2.3 for scheme and authority. No URL parser has a say in it. */
function partsOf(text: string): Parts | undefined {
  const [, scheme = '', authority = '', path = ''] = /^([^:/?#]+):\/\/([^/?#]*)([^?#]*)/.exec(text) ?? [];
  const lower = scheme.toLowerCase();
  const port = { http: ':80', https: ':443' }[lower];
  // RFC 3986 §3.2 without user info: a host, in brackets or without colons, and at most one port.
  const isPlain = /^(\[[^\]@]+\]|[^:@]+)(:\d+)?$/.test(authority) && !/[^\x21-\x7e]|\\/.test(text);
  if (port === undefined || !isPlain) {
    return undefined;
  }
  const host = authority.toLowerCase();
  return {
    scheme: lower,
    authority: host.endsWith(port) ? host.slice(0, -port.length) : host,
    path: escapedPath(path),
  };
}

function isUnder(base: string, audience: string): boolean {
  const [root, url] = [partsOf(base), partsOf(audience)];
  if (root === undefined || url === undefined) {
    return false;
  }
  const isSameOrigin = root.scheme === url.scheme && root.authority === url.authority;
  const isPlain = !/%2e|%2f|%5c/i.test(url.path) && !`${url.path}/`.match(/\/\.\.?\//);
  return isSameOrigin && isPlain && isAtOrBelow(url.path, root.path);
}

/** A rule of another kind for the same bases. */
function checkedBase(accepts: (base: string, audience: string) => boolean | undefined): UrlsUnder {
  return (base) => {
    urlsUnder(base);
    return (audience) => accepts(base, audience) === true;
  };
}

function hostOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).host : undefined;
}

function isBelowForUrlParser(base: string, audience: string): boolean {
  return URL.canParse(audience) && new URL(audience).href.startsWith(new URL(base).href);
}
