/*
 * Hosts and targets of requests as they come: right, nearly right, and made to look right.
 */
import fc from 'fast-check';

/** What a request may write where it should name the host of an origin. */
export function hostsNear(origin: string): fc.Arbitrary<string> {
  const host = origin.replace(/^https?:\/\//, '');
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(host) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        host.toUpperCase(),
        `${host}:443`,
        `${host}:80`,
        `${host}:`,
        `${host}:0443`,
        `${host}.`,
        `${host}/`,
        `${host}/push`,
        `${host}?x`,
        `${host}#x`,
        `user@${host}`,
        `${host}@c.example.com`,
        `${host}\\@c.example.com`,
        `${host}, ${host}`,
        `${host},c.example.com`,
        ` ${host}`,
        `${host}\t`,
        `c.${host}`,
        `${host}.c.example.com`,
        host.replace(/:\d+$/, ''),
        host.replace('e', '%65'),
        host.replace('k', '\u212a'),
        origin,
        '',
        'c.example.com',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  );
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
