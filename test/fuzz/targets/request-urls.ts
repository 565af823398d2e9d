import assert from 'node:assert/strict';
import { type AudienceRequest, type AudienceRule, type RequestUrlOptions, requestUrl } from '@id-token-guard/core';
import fc from 'fast-check';
import { spellings, targets } from '../generators/request-targets.ts';
import { property, type Target } from '../target.ts';

export type RequestUrl = (options: RequestUrlOptions) => AudienceRule;

interface Case {
  readonly options: RequestUrlOptions & { readonly trustForwarded: boolean };
  readonly host: string | undefined;
  readonly forwarded: string | undefined;
  /** Before the path of the target; `undefined` where the target is path and query alone. */
  readonly authority: string | undefined;
  readonly target: string;
  readonly audience: string;
}

const ORIGINS = [
  'https://a.example.com',
  'https://b.example.com:8443',
  'http://localhost:3000',
  'https://[2001:db8::1]',
  'http://b.example.com',
  'https://b.example.com',
];

const origins = fc.constantFrom(...ORIGINS);
/** A host by the number of its origin. */
const hosts = fc.tuple(fc.nat(), spellings);

const cases: fc.Arbitrary<Case> = fc
  .record({
    options: fc.record({ origins: fc.uniqueArray(origins, { minLength: 1 }), trustForwarded: fc.boolean() }),
    host: fc.option(hosts, { nil: undefined, freq: 9 }),
    forwarded: fc.option(hosts, { nil: undefined, freq: 2 }),
    whole: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: hosts }),
    isWhole: fc.nat({ max: 4 }).map((number) => number === 0),
    target: targets,
    other: targets,
    origin: origins,
    shape: fc.nat({ max: 14 }),
  })
  .map(({ options, target, other, origin, shape, isWhole, ...written }) => {
    const spelt = (one: [number, (origin: string) => string] | undefined) =>
      one?.[1](`${options.origins[one[0] % options.origins.length]}`);
    const [host, forwarded] = [spelt(written.host), spelt(written.forwarded)];
    const whole = isWhole ? host : spelt(written.whole);
    // Written together, these must be taken apart again as they are here.
    const isApart = /^(\/|$)/.test(target) && !/[/?#]/.test(whole ?? '');
    const authority = isApart ? whole : undefined;
    const named = (options.trustForwarded ? forwarded : undefined) ?? host ?? authority ?? '';
    const fitting = options.origins.find((each) => namesOf(each).includes(named.toLowerCase())) ?? origin;
    // Mostly what ought to pass, so that what must not is found beside it.
    const audience = [
      `${origin}${target}`,
      `${origin}${other}`,
      `${origin}${target.slice(1)}`,
      `https://${named}${target}`,
      `https://${host ?? ''}${target}`,
      `${named}${target}`,
      `${fitting.toUpperCase()}${target}`,
      `${fitting}/x/..${target}`,
    ][shape];
    return { options, host, forwarded, authority, target, audience: audience ?? `${fitting}${target}` };
  });

export const requestUrls: Target<RequestUrl> = {
  name: 'requestUrl',
  subject: requestUrl,
  properties: [
    property({
      name: 'accepts one of the origins with the very path and query, where the host names it, and nothing else',
      values: cases,
      check(subject: RequestUrl, value) {
        const answer: unknown = subject(value.options)(value.audience, requestOf(value));
        assert.equal(answer, expected(value));
        return answer ? 'accepted' : 'refused';
      },
      outcomes: ['accepted', 'refused'],
      broken: {
        'takes the host from the request': () => (audience, request) =>
          audience === `https://${request?.header('host')}${request?.url}`,
        'looks at the origin only':
          ({ origins: list }) =>
          (audience) =>
            list.some((origin) => audience.startsWith(`${origin}/`)),
        'always believes what was forwarded': (options) => requestUrl({ ...options, trustForwarded: true }),
        'never believes what was forwarded': (options) => requestUrl({ ...options, trustForwarded: false }),
        'mends the URL': mending,
        'lets nobody in': () => () => false,
      },
    }),
    property({
      name: 'never throws for a request, and throws a TypeError for what is no list of origins',
      values: fc.tuple(
        fc.oneof(fc.anything(), fc.array(fc.oneof(origins, fc.webUrl(), fc.anything()))),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
      ),
      check(subject: RequestUrl, [list, audience, url, host]) {
        const rule = ruleOf(subject, list);
        if (rule === undefined) {
          return 'no origins';
        }
        assert.equal(rule(audience, { url, header: () => host }), false);
        return 'refused';
      },
      outcomes: ['no origins', 'refused'],
      broken: {
        'takes anything for origins': (options) =>
          Array.isArray(options.origins) ? () => false : (audience) => audience === '',
        'asks the URL parser': (options) => {
          requestUrl(options);
          return (_, request) => new URL(`${request?.url}`).host === request?.header('host');
        },
      },
    }),
  ],
};

function requestOf({ host, forwarded, authority, target }: Case): AudienceRequest {
  const headers: Record<string, string | undefined> = { host, 'x-forwarded-host': forwarded };
  return {
    url: authority === undefined ? target : `https://${authority}${target}`,
    header: (name) => headers[name],
  };
}

/** Written another way than the rule: by what each origin of the list asks for. */
function expected({ options, host, forwarded, authority, target, audience }: Case): boolean {
  const isForwarded = options.trustForwarded && forwarded !== undefined;
  const named = isForwarded ? [forwarded] : [host, authority].filter((one) => one !== undefined);
  const isAsciiOnly = named.every((one) => !/[\u0080-\uffff]/.test(one));
  // The path of a whole URL may be empty.
  const path = target === '' && authority !== undefined ? '/' : target;
  return (
    named.length > 0 &&
    isAsciiOnly &&
    path.startsWith('/') &&
    options.origins
      .filter((origin) => named.every((one) => namesOf(origin).includes(one.toLowerCase())))
      .some(
        (origin) =>
          audience === origin + path || (/^\/($|\?)/.test(path) && audience === origin + path.replace('/', '')),
      )
  );
}

/** What a request may call the host of an origin. */
function namesOf(origin: string): string[] {
  const [scheme, host = ''] = origin.split('://');
  const hasPort = /:\d+$/.test(host);
  return hasPort ? [host] : [host, `${host}:${scheme === 'https' ? 443 : 80}`];
}

function ruleOf(subject: RequestUrl, list: unknown): AudienceRule | undefined {
  try {
    return subject({ origins: list as string[] });
  } catch (error) {
    assert(error instanceof TypeError && error.message.startsWith('"origins"'), String(error));
    return undefined;
  }
}

function mending(options: RequestUrlOptions): AudienceRule {
  const rule = requestUrl(options);
  return (audience, request) =>
    rule(audience, request) || (URL.canParse(audience) && rule(new URL(audience).href, request));
}
