/*
 * Hosts and targets of requests as they come: right, nearly right, and made to look right.
 */
import fc from 'fast-check';

/** How a request may write the host of an origin. */
export const spellings: fc.Arbitrary<(origin: string) => string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(hostOf) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(
        (host: string) => host.toUpperCase(),
        (host: string) => `${host}:443`,
        (host: string) => `${host}:80`,
        (host: string) => `${host}:`,
        (host: string) => `${host}:0443`,
        (host: string) => `${host}.`,
        (host: string) => `${host}/`,
        (host: string) => `${host}/push`,
        (host: string) => `${host}?x`,
        (host: string) => `${host}#x`,
        (host: string) => `user@${host}`,
        (host: string) => `${host}@c.example.com`,
        (host: string) => `${host}\\@c.example.com`,
        (host: string) => `${host}, ${host}`,
        (host: string) => `${host},c.example.com`,
        (host: string) => ` ${host}`,
        (host: string) => `${host}\t`,
        (host: string) => `c.${host}`,
        (host: string) => `${host}.c.example.com`,
        (host: string) => host.replace(/:\d+$/, ''),
        (host: string) => host.replace('e', '%65'),
        (host: string) => host.replace('k', '\u212a'),
        (host: string) => `https://${host}`,
        () => '',
        () => 'c.example.com',
      )
      .map((spell) => (origin: string) => spell(hostOf(origin))),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => () => text) },
);

function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '');
}

/** Paths and queries, and what is neither. */
export const targets: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      '/',
      '/?x=1',
      '/push',
      '/push/',
      '/Push',
      '/push?x=1&y=2',
      '/push?y=2&x=1',
      '/push?',
      '/push#x',
      '/p%75sh',
      '/a/../push',
      '/%2e%2e/push',
      '//c.example.com/push',
      '/\\c.example.com',
      '/a%20b?q=%2F+%C3%BC',
      "/push?q='a'",
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('*', '', 'push', '?x=1', 'c.example.com:443', 'ftp://a.example.com/') },
  { weight: 1, arbitrary: fc.webPath() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `/${text}`) },
);
