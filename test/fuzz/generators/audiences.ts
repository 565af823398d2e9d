/*
 * URLs near other URLs: what somebody would try who wants an audience of his own to pass for one of ours.
 */
import fc from 'fast-check';

const hosts = [
  'api.example.com',
  'a',
  'xn--bcher-kva.example',
  '192.0.2.7',
  '[2001:db8::1]',
  'api.example.com.',
  'localhost',
];
const ports = ['', '', '', ':8443', ':443', ':80', ':0', ':65535'];
const paths = [
  '',
  '/',
  '/push',
  '/push/',
  '/a/b',
  '/a//b',
  '/push;v=1',
  '/p%20q',
  '/%C3%A9',
  '/~u/$&+=:@!',
  '/%2Fa',
  '/{x}',
];

/** URLs that a service may give as its own, and some that it may not. */
export const bases: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('https://', 'https://', 'http://', 'HTTPS://'),
    fc.constantFrom(...hosts),
    fc.constantFrom(...ports),
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...paths) },
      { weight: 1, arbitrary: fc.webPath() },
      { weight: 1, arbitrary: fc.string().map((text) => `/${text}`) },
    ),
  )
  .map((all) => all.join(''));

/** What may stand behind a base. */
const suffixes = fc.oneof(
  fc.constantFrom('', '/', '//', '/orders', '/orders/1?x=/../#y', '?key=1', '#top', '/?', '/.well-known/x', '/...'),
  fc.constantFrom(
    'ed',
    '.',
    '..',
    '/..',
    '/../',
    '/.',
    '/%2e%2e/',
    '/.%2E/x',
    '%2f..',
    '%5c',
    '\\..\\',
    ';x',
    '%00',
    '/x%',
  ),
  fc.constantFrom(
    '@evil.example',
    '.evil.example',
    ':evil.example',
    '\\@evil.example',
    '#@evil.example',
    ' ',
    '\t/x',
    '\n',
  ),
  fc.webPath(),
  fc.string({ maxLength: 5 }),
);

/** Where the authority begins, in ways that the URL parser takes for another or the same. */
const authorityTricks = [
  (host: string) => `evil.example/${host}`,
  (host: string) => `${host}@evil.example`,
  (host: string) => `evil.example@${host}`,
  (host: string) => `:@${host}`,
  (host: string) => `@${host}`,
  (host: string) => `evil.example\\${host}`,
  (host: string) => `evil.example#@${host}`,
  (host: string) => `evil.example?@${host}`,
  (host: string) => `${host}\\@evil.example`,
  (host: string) => `${host}.evil.example`,
  (host: string) => `${host}.`,
  (host: string) => `/${host}`,
  (host: string) => `\\${host}`,
  (host: string) => `\t${host}`,
  (host: string) => `${host.slice(0, 1)}\n${host.slice(1)}`,
  (host: string) => `${host.slice(0, 1)}\u00ad${host.slice(1)}`,
  (host: string) => host.replace('.', '\u3002'),
  (host: string) => host.replace('a', '\uff41'),
  (host: string) => host.replace('a', '\u0430'),
  (host: string) => host.replace('a', '%61'),
  (host: string) => host.replace('.', '%2e'),
  (host: string) => host.toUpperCase(),
  (host: string) => `${host}:443`,
  (host: string) => `${host}:0443`,
  (host: string) => `${host}:`,
  (host: string) => `${host}:80`,
  (host: string) => host.replace('192.0.2.7', '3221225991'),
  (host: string) => host.replace('192.0.2.7', '0300.0.2.7'),
  (host: string) => host.replace('db8::1', 'DB8:0::1'),
];

const schemeTricks = [
  'http:',
  'https:',
  'HTTPS:',
  'https',
  'ftp:',
  'javascript:',
  ' https:',
  'https:/',
  'ht\ntps:',
  '',
  'wss:',
];

const characters = [
  '/',
  '\\',
  '.',
  '%2e',
  '%2F',
  '@',
  ':',
  '?',
  '#',
  ' ',
  '\t',
  '\n',
  '\0',
  '%',
  '\u00e9',
  '\u2024',
  '\ud800',
  'A',
];

/** Something that stands near a base: below it, beside it, or on another host that looks like it. */
export function audiencesNear(base: string): fc.Arbitrary<string> {
  const [, scheme = '', host = '', path = ''] = /^([^/]*)\/\/([^/]*)(.*)$/s.exec(base) ?? [];
  return fc.oneof(
    { weight: 4, arbitrary: suffixes.map((suffix) => base + suffix) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...authorityTricks), fc.constantFrom(path, `${path}/x`, ''))
        .map(([trick, rest]) => `${scheme}//${trick(host)}${rest}`),
    },
    { weight: 1, arbitrary: fc.constantFrom(...schemeTricks).map((other) => `${other}//${host}${path}`) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.nat({ max: 60 }), fc.constantFrom(...characters), fc.nat({ max: 2 }), suffixes)
        .map(([place, what, left, suffix]) => {
          const text = base + suffix;
          const at = place % (text.length + 1);
          return text.slice(0, at) + what + text.slice(at + left);
        }),
    },
    { weight: 1, arbitrary: fc.oneof(fc.webUrl(), bases, fc.string({ unit: 'binary' })) },
  );
}
