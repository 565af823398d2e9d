import { urlsUnder } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { audienceMatcher } from '../../packages/core/src/audience.ts';
import { hintForAudience } from '../../packages/core/src/hints.ts';

describe('the audience option', () => {
  test('given as a string accepts exactly this audience', () => {
    const { accepts, expected } = audienceMatcher('https://api.example.com');

    expect(accepts('https://api.example.com')).toBe(true);
    for (const other of [
      'https://api.example.com/',
      'https://API.example.com',
      'http://api.example.com',
      'https://api.example.com.example.net',
      ' https://api.example.com',
      'https://api.example.co',
      '',
    ]) {
      expect(accepts(other)).toBe(false);
    }
    expect(expected).toEqual(['https://api.example.com']);
  });

  test('given as a list accepts each of its values, and nothing made of several', () => {
    const { accepts, expected } = audienceMatcher(['https://a.example.com', 'https://b.example.com']);

    expect(accepts('https://a.example.com')).toBe(true);
    expect(accepts('https://b.example.com')).toBe(true);
    expect(accepts('https://a.example.com,https://b.example.com')).toBe(false);
    expect(expected).toEqual(['https://a.example.com', 'https://b.example.com']);
  });

  test('given as a list is copied: what is pushed later does not count', () => {
    const list = ['https://a.example.com'];
    const { accepts } = audienceMatcher(list);

    list.push('https://b.example.com');

    expect(accepts('https://b.example.com')).toBe(false);
  });

  test.each(['toString', '__proto__', 'constructor'])('does not accept %s, a name that every object has', (name) => {
    expect(audienceMatcher('https://api.example.com').accepts(name)).toBe(false);
  });

  test('given as a function accepts what it returns true for', () => {
    const { accepts, expected } = audienceMatcher((aud: string) => aud.startsWith('https://api.example.com/'));

    expect(accepts('https://api.example.com/push')).toBe(true);
    expect(accepts('https://other.example.com/push')).toBe(false);
    expect(expected).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['1', 1],
    ['"true"', 'true'],
    ['an object', {}],
    ['the promise of an async function', Promise.resolve(true)],
    ['nothing', undefined],
  ])('given as a function that returns %s accepts nothing: only true is a yes', (_, answer) => {
    expect(audienceMatcher(() => answer).accepts('https://api.example.com')).toBe(false);
  });

  test('given as a function that throws does not refuse: the fault is thrown', () => {
    const fault = new Error('broken');
    const { accepts } = audienceMatcher(() => {
      throw fault;
    });

    expect(() => accepts('https://api.example.com')).toThrow(fault);
  });

  test.each(['"a"-b', 'a-"b"', "it's", 'a,b', 'undefined-service', 'my-undefined', 'https://a.example/null'])(
    'may be any other text: %s',
    (audience) => {
      expect(audienceMatcher(audience).accepts(audience)).toBe(true);
    },
  );

  test.each<[string, unknown, string]>([
    ['undefined, as from an unset environment variable', undefined, 'environment variable that is not set'],
    ['left out', undefined, '"audience" is required'],
    ['null', null, '"audience" is required'],
    ['empty', '', 'Is it read from an environment variable that is not set?'],
    ['white space', '  ', 'must have no white space'],
    ['with white space in front', ' https://api.example.com', 'white space'],
    ['with a line break behind', 'https://api.example.com\n', 'white space'],
    ['with a no-break space behind', 'https://api.example.com\u00a0', 'white space'],
    ['with a wildcard', 'https://*.example.com', 'urlsUnder()'],
    ['in quotes', '"https://api.example.com"', 'without quotes'],
    ['two URLs with a comma between', 'http://a.example,http://b.example', 'several are a list'],
    ['made of a variable that is not set', 'http://undefined/push', 'is not set'],
    ['the name of what is not set', 'NaN', 'is not set'],
    ['a RegExp', /^https:/, 'urlsUnder()'],
    ['a number', 42, 'not number'],
    ['an object', { url: 'https://api.example.com' }, 'not object'],
    ['a URL object', new URL('https://api.example.com'), 'not object'],
    ['an empty list', [], 'empty list'],
    ['a list with a hole', Array(1), 'not undefined'],
    ['a list with undefined', ['https://api.example.com', undefined], 'environment variable that is not set'],
    ['a list with null', ['https://api.example.com', null], 'not null'],
    ['a list with an empty value', ['https://api.example.com', ''], '"audience" is empty.'],
    ['a list with a RegExp', [/^https:/], 'not object'],
    ['a list in a list', [['https://api.example.com']], 'not object'],
  ])('must not be %s', (_, option, fix) => {
    expect(() => audienceMatcher(option)).toThrow(TypeError);
    expect(() => audienceMatcher(option)).toThrow('"audience"');
    expect(() => audienceMatcher(option)).toThrow(fix);
  });
});

describe('urlsUnder(https://api.example.com/push)', () => {
  const accepts = urlsUnder('https://api.example.com/push');

  test.each([
    'https://api.example.com/push',
    'https://api.example.com/push/',
    'https://api.example.com/push/orders',
    'https://api.example.com/push/orders/eu',
    'https://api.example.com/push?token=1',
    'https://api.example.com/push/orders?url=https://other.example.com/../x&email=a@b',
    'https://api.example.com:443/push',
    'https://API.EXAMPLE.COM/push',
    'https://api.example.com/push/a%20b',
    'https://api.example.com/push/..orders',
  ])('accepts %s', (audience) => {
    expect(accepts(audience)).toBe(true);
  });

  test.each([
    ['another scheme', 'http://api.example.com/push'],
    ['a scheme that is not of the Web', 'ftp://api.example.com/push'],
    ['a URL in a URL', 'blob:https://api.example.com/push'],
    ['no scheme', '//api.example.com/push'],
    ['a scheme without slashes', 'https:api.example.com/push'],
    ['a scheme with one slash', 'https:/api.example.com/push'],
    ['a scheme with three slashes', 'https:///api.example.com/push'],
    ['another port', 'https://api.example.com:8443/push'],
    ['another host', 'https://api.example.net/push'],
    ['a host below', 'https://eu.api.example.com/push'],
    ['a host that begins like ours', 'https://api.example.com.example.net/push'],
    ['a host that ends like ours', 'https://notapi.example.com/push'],
    ['a host with a dot behind', 'https://api.example.com./push'],
    ['a host with an encoded letter', 'https://%61pi.example.com/push'],
    ['a host with an encoded dot', 'https://api%2eexample.com/push'],
    ['user info', 'https://user@api.example.com/push'],
    ['user info and password', 'https://user:password@api.example.com/push'],
    ['empty user info', 'https://@api.example.com/push'],
    ['user info that looks like our host', 'https://api.example.com@example.net/push'],
    ['user info behind three slashes', 'https:///user@api.example.com/push'],
    ['a path beside ours', 'https://api.example.com/pushed'],
    ['a path above ours', 'https://api.example.com/'],
    ['no path', 'https://api.example.com'],
    ['a path in other case', 'https://api.example.com/Push'],
    ['a way out of our path', 'https://api.example.com/push/../admin'],
    ['a way out and in again', 'https://api.example.com/admin/../push'],
    ['a dot segment at the end', 'https://api.example.com/push/..'],
    ['a segment of one dot', 'https://api.example.com/push/./orders'],
    ['encoded dots', 'https://api.example.com/push/%2e%2e/admin'],
    ['encoded dots in upper case', 'https://api.example.com/push/%2E%2E/admin'],
    ['a dot and an encoded dot', 'https://api.example.com/push/.%2e/admin'],
    ['an encoded slash', 'https://api.example.com/push%2forders'],
    ['an encoded slash below', 'https://api.example.com/push/..%2Fadmin'],
    ['an encoded backslash', 'https://api.example.com/push/..%5cadmin'],
    ['a backslash in the path', 'https://api.example.com/push\\..\\admin'],
    ['backslashes for slashes', 'https:\\\\api.example.com\\push'],
    ['a backslash behind the host', 'https://api.example.com\\@example.net/push'],
    ['a tab in the path', 'https://api.example.com/push/.\t./admin'],
    ['a line break in the host', 'https://api.exa\nmple.com/push'],
    ['a space in front', ' https://api.example.com/push'],
    ['a space behind', 'https://api.example.com/push '],
    ['a NUL', 'https://api.example.com/push\0'],
    ['letters that look like ours', 'https://аpi.example.com/push'],
    ['a dot that Unicode makes of another', 'https://api。example.com/push'],
    ['no URL', '/push'],
    ['nothing', ''],
  ])('refuses %s: %j', (_, audience) => {
    expect(accepts(audience)).toBe(false);
  });
});

describe('urlsUnder', () => {
  test.each([
    ['an origin accepts all of its URLs', 'https://api.example.com', 'https://api.example.com/any/path?query', true],
    ['an origin accepts itself without a slash', 'https://api.example.com/', 'https://api.example.com', true],
    ['an origin accepts no other', 'https://api.example.com', 'https://other.example.com/any/path', false],
    ['a path with a slash behind accepts what is below', 'https://a.example/push/', 'https://a.example/push/x', true],
    [
      'a path with a slash behind leaves out the path itself',
      'https://a.example/push/',
      'https://a.example/push',
      false,
    ],
    ['a port accepts the same port', 'http://localhost:8080/push', 'http://localhost:8080/push/x', true],
    ['a port accepts no other', 'http://localhost:8080/push', 'http://localhost:8081/push/x', false],
    ['the default port is the same as none', 'https://api.example.com:443', 'https://api.example.com/x', true],
    ['no port is the same as the default one', 'https://api.example.com', 'https://api.example.com:443/x', true],
    ['the default port of http is another one', 'http://localhost', 'http://localhost:80/x', true],
    ['http on the port of https accepts itself', 'http://localhost:443', 'http://localhost:443/x', true],
    ['http on the port of https accepts no other', 'http://localhost:443', 'http://localhost/x', false],
  ])('%s', (_, base, audience, accepted) => {
    expect(urlsUnder(base)(audience)).toBe(accepted);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a RegExp', /^https:/],
    ['a URL object', new URL('https://api.example.com')],
    ['no URL', 'api.example.com/push'],
    ['another scheme', 'ftp://api.example.com/push'],
    ['a scheme that only ends like https', 'x-https://api.example.com/push'],
    ['a scheme with three slashes', 'https:///api.example.com/push'],
    ['user info', 'https://user@api.example.com/push'],
    ['user info behind three slashes', 'https:///user@api.example.com/push'],
    ['a query', 'https://api.example.com/push?token=1'],
    ['a fragment', 'https://api.example.com/push#top'],
    ['dot segments', 'https://api.example.com/push/../admin'],
    ['an encoded slash', 'https://api.example.com/push%2forders'],
    ['white space in front', ' https://api.example.com/push'],
    ['a line break behind', 'https://api.example.com/push\n'],
  ])('must not be given %s', (_, base) => {
    expect(() => urlsUnder(base as string)).toThrow(TypeError);
    expect(() => urlsUnder(base as string)).toThrow('urlsUnder()');
  });
});

describe('the hint for another audience', () => {
  const expected = 'https://api.example.com/push';

  test.each([
    ['upper and lower case', 'https://api.example.com/Push', 'only by upper and lower case'],
    ['a trailing slash', 'https://api.example.com/push/', 'only by a trailing slash'],
    ['the scheme', 'http://api.example.com/push', 'by the scheme (http or https)'],
    ['the query', 'https://api.example.com/push?token=1', 'only by the query'],
    ['the path', 'https://api.example.com/push/orders', 'by the path'],
    ['having no path', 'https://api.example.com', 'by the path'],
  ])('shows both values and says that they differ by %s', (_, audience, nearMiss) => {
    const hint = hintForAudience(audience, [expected]);

    expect(hint).toContain(`"aud" is "${audience}", expected "${expected}": they differ ${nearMiss}`);
  });

  test.each(['https://api.example.com/push/orders', 'https://api.example.com/push?token=1'])(
    'tells the fix for senders that use the full target URL: %s',
    (audience) => {
      expect(hintForAudience(audience, [expected])).toContain('urlsUnder("https://api.example.com/push")');
    },
  );

  test('says that a trailing slash is missing, too', () => {
    expect(hintForAudience('https://api.example.com', ['https://api.example.com/'])).toContain('a trailing slash');
  });

  test('finds the near miss among several expected values', () => {
    const hint = hintForAudience('https://b.example.com/', ['https://a.example.com', 'https://b.example.com']);

    expect(hint).toContain(
      'expected "https://a.example.com" or "https://b.example.com": they differ only by a trailing',
    );
  });

  test('says where the value comes from if nothing is near', () => {
    expect(hintForAudience('my-app', [expected])).toContain('configure the same value on both sides');
    expect(hintForAudience('https://example.net/push', [expected])).toContain('the same value on both sides');
  });

  test('shows five of many expected values', () => {
    const values = Array.from({ length: 7 }, (_, index) => `audience-${index}`);

    const hint = hintForAudience('x', values);

    expect(hint).toContain('"audience-4" or one of 2 more');
    expect(hint).not.toContain('audience-5');
  });

  test('shows all of five', () => {
    expect(hintForAudience('x', ['a', 'b', 'c', 'd', 'e'])).toContain('"d" or "e". Whoever');
  });

  test.each([
    ['has no path in common', 'https://api.example.com/orders', expected, 'https://api.example.com'],
    ['only begins like ours', 'https://api.example.com/pushed', expected, 'https://api.example.com'],
    ['is above ours', 'https://api.example.com', expected, 'https://api.example.com'],
    ['is below ours', 'https://api.example.com/push/a/b', expected, 'https://api.example.com/push'],
    [
      'has a query behind the slash',
      'https://api.example.com/?x',
      'https://api.example.com/',
      'https://api.example.com',
    ],
  ])('proposes the narrowest base for both where the audience %s', (_, audience, value, base) => {
    expect(hintForAudience(audience, [value])).toContain(`accept urlsUnder("${base}").`);
  });

  test.each([
    ['another host', 'https://example.net/push'],
    ['another host and path', 'https://example.net/orders'],
    ['another scheme, of which that one is the end', 'x-https://api.example.com/push'],
    ['a fragment', 'https://api.example.com/push#top'],
    ['a URL that cannot be read', 'https://'],
    ['no URL', 'push'],
  ])('names no near miss for %s', (_, audience) => {
    const hint = hintForAudience(audience, [expected]);

    expect(hint).toContain(`, expected "${expected}". Whoever gets the token chooses its audience`);
  });

  test.each([
    ['with its default port', 'https://api.example.com:443/push', expected],
    [
      'with the name of its host in letters of its own',
      'https://bücher.example/push',
      'https://xn--bcher-kva.example/push',
    ],
    ['with dots in its path', 'https://api.example.com/x/../push', expected],
  ])('says that a URL is the same one, written %s', (_, audience, value) => {
    expect(hintForAudience(audience, [value])).toContain(
      ': they are one URL in two spellings, and are compared as text.',
    );
  });

  describe('tells a client that puts the audience into a query as it is:', () => {
    const UNESCAPED =
      'the client has put it into a query unescaped, as google-auth-library does on Node.js and in PHP: it is cut at & and #, and + and %41 are decoded. Escape it there (encodeURIComponent), or choose an audience without these characters.';

    test.each([
      ['cut at &', 'https://api.example.com/push?a=1&b=2', 'https://api.example.com/push?a=1'],
      ['a space for +', 'https://api.example.com/a+b', 'https://api.example.com/a b'],
      ['cut at #', 'https://api.example.com/push#x', 'https://api.example.com/push'],
      ['%41 decoded', 'https://api.example.com/%41', 'https://api.example.com/A'],
      ['%26 decoded', 'https://api.example.com/push?next=%26', 'https://api.example.com/push?next=&'],
      ['UTF-8 decoded', 'https://api.example.com/caf%C3%A9', 'https://api.example.com/café'],
      ['decoded once only', 'https://api.example.com/%2541', 'https://api.example.com/%41'],
      ['all at once', 'https://api.example.com/%41+b?c=d&e=f#g', 'https://api.example.com/A b?c=d'],
      ['no URL', 'my&app', 'my'],
    ])('%s', (_, value, audience) => {
      expect(hintForAudience(audience, [value])).toMatch(new RegExp(`: ${UNESCAPED.replace(/[+()]/g, '\\$&')}$`));
    });

    test.each([
      ['below the URL, with a space for +', 'https://api.example.com/push', 'https://api.example.com/push/a b'],
      ['below the URL, decoded', 'https://api.example.com/push', 'https://api.example.com/push/café'],
      ['the URL itself, decoded', 'https://api.example.com/%41', 'https://api.example.com/A'],
      ['below the URL, which was decoded', 'https://api.example.com/%41', 'https://api.example.com/A/b'],
    ])('%s', (_, base, audience) => {
      expect(hintForAudience(audience, undefined, base)).toContain(UNESCAPED);
    });

    test('also where the audience is near another one of the list', () => {
      const list = ['https://api.example.com/other', 'https://api.example.com/push?a=1&b=2'];

      expect(hintForAudience('https://api.example.com/push?a=1', list)).toContain(UNESCAPED);
    });

    test('not one who uses another path', () => {
      for (const audience of [
        'https://api.example.com/other',
        'https://api.example.com/pus',
        'https://api.example.com/',
      ]) {
        expect(hintForAudience(audience, [expected])).not.toContain('unescaped');
        expect(hintForAudience(audience, undefined, expected)).not.toContain('unescaped');
      }
    });
  });

  test('names no near miss of a value that is no URL', () => {
    expect(hintForAudience('https://api.example.com', ['my-app', 'https://'])).toContain('. Whoever gets the token');
  });

  test('is found with bounded work: in up to 2,048 characters and among 20 values', () => {
    const longest = `${expected}/`.padEnd(2048, 'x');
    const others = Array.from({ length: 20 }, (_, index) => `audience-${index}`);

    expect(hintForAudience(longest, [expected])).toContain('they differ by the path');
    expect(hintForAudience(`${longest}x`, [expected])).toContain('. Whoever gets the token');
    expect(hintForAudience(`${expected}/`, [...others.slice(1), expected])).toContain('a trailing slash');
    expect(hintForAudience(`${expected}/`, [...others, expected])).toContain('. Whoever gets the token');
  });

  test('says that a rule did not accept it, where a rule decides', () => {
    expect(hintForAudience('x', undefined)).toBe('"aud" is "x", and the audience rule did not accept it.');
  });
});
