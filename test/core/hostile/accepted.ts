import { acceptedKeys } from './families/keys.ts';
import { tokenOfLength } from './families/structure.ts';
import { join, rs256, signingInput, toInteger } from './forge.ts';
import type { AcceptedInput, AuthorizationValue } from './hostile-input.ts';
import type { Kit } from './kit.ts';

const UNKNOWN_CLAIMS = 'RFC 7519 §4';
const UNKNOWN_PARAMETERS = 'RFC 7515 §4';
const WHITE_SPACE = 'RFC 8259 §2';

function withClaims(name: string, source: string, claims: (kit: Kit) => object): AcceptedInput {
  return { name, source, token: (kit) => kit.token(claims(kit)) };
}

function withHeader(name: string, source: string, header: object): AcceptedInput {
  return { name, source, token: (kit) => kit.token({}, header) };
}

/** Header and payload written by hand. */
function written(name: string, source: string, write: (json: string) => string): AcceptedInput {
  return {
    name,
    source,
    token: (kit) => kit.signed(write(JSON.stringify(kit.header)), write(JSON.stringify(kit.claims))),
  };
}

function inHeader(name: string, source: string, value: (token: string) => AuthorizationValue): AcceptedInput {
  return { name: `header: ${name}`, source, authorization: (kit) => value(kit.token()) };
}

/** An object with one more member, written by hand because JSON.stringify could not write it. */
function withMember(object: object, member: string): string {
  return `${JSON.stringify(object).slice(0, -1)},${member}}`;
}

function nestedLists(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

/** Odd, legal, and good: a guard that refuses one of these refuses real callers some day. */
export const acceptedInputs: readonly AcceptedInput[] = [
  withClaims('nothing odd at all', 'Google facts: claims', () => ({})),
  {
    name: 'a token of the fake Google’s own making',
    source: 'Google facts: claims',
    token: (kit) => kit.google.idToken(kit.claims as { aud: unknown }),
  },
  withClaims('the issuer without scheme', 'Google facts: issuers', () => ({ iss: 'accounts.google.com' })),
  withClaims('azp the e-mail instead of the id', 'Google facts: claims', (kit) => ({ azp: kit.claims['email'] })),
  withClaims('no azp', 'Google facts: claims', () => ({ azp: undefined })),
  withClaims('the claims of a virtual machine', 'Google facts: metadata server', () => ({
    google: { compute_engine: { project_id: 'my-project', project_number: 1, instance_id: '5055893581146000589' } },
  })),
  withClaims('an organisation that is null', 'Google facts: generateIdToken', () => ({
    google: { organization_number: null },
  })),
  withClaims('claims that nobody knows', UNKNOWN_CLAIMS, () => ({ 'https://example.com/x': [1, { y: null }], '': 0 })),
  withClaims('a thousand claims', UNKNOWN_CLAIMS, () =>
    Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`c${index}`, index])),
  ),
  withClaims('claims in all of Unicode', 'RFC 8259 §8.1', () => ({
    name: 'Zoë \u{1f511} \u6f22 \u0000 \u2028 \ufeff',
  })),
  withClaims('a lone surrogate, escaped', 'RFC 8259 §8.2', () => ({ name: '\ud800' })),
  withClaims('a claim __proto__', 'CWE-1321', () => ({
    ['__proto__']: { polluted: true, iss: 'https://attacker.example', exp: 0, events: {} },
  })),
  withClaims('a claim constructor', 'CWE-1321', () => ({ constructor: { prototype: { polluted: true } } })),
  withClaims('claims with the names of methods', 'CWE-1321', () =>
    Object.fromEntries(['hasOwnProperty', 'toString', 'valueOf', 'toJSON', 'then'].map((name) => [name, 'x'])),
  ),
  {
    name: 'a claim 5,000 lists deep',
    source: 'RFC 8259 §9',
    token: (kit) => kit.signed(kit.header, withMember(kit.claims, `"deep":${nestedLists(5000)}`)),
  },
  {
    name: 'a header parameter 5,000 lists deep',
    source: 'RFC 8259 §9',
    token: (kit) => kit.signed(withMember(kit.header, `"deep":${nestedLists(5000)}`), kit.claims),
  },

  withClaims('iat 30 s ahead, to the second', 'option clockToleranceSeconds', ({ now }) => ({ iat: now + 30 })),
  withClaims('nbf 30 s ahead, to the second', 'option clockToleranceSeconds', ({ now }) => ({ nbf: now + 30 })),
  withClaims('exp 29 s ago', 'option clockToleranceSeconds', ({ now }) => ({ iat: now - 3600, exp: now - 29 })),
  withClaims('exp 29.999 s ago', 'option clockToleranceSeconds', ({ now }) => ({
    iat: now - 3600,
    exp: now - 29.999,
  })),
  withClaims('a lifetime of a day, to the second', 'option maxLifetimeSeconds', ({ now }) => ({
    exp: now + 86_400,
  })),
  withClaims('a lifetime of a day, nearly over', 'option maxLifetimeSeconds', ({ now }) => ({
    iat: now - 86_399,
    exp: now + 1,
  })),
  withClaims('fractions of seconds', 'RFC 7519 §2', ({ now }) => ({ iat: now - 0.5, exp: now + 0.25 })),
  withClaims('nbf long ago', 'RFC 7519 §4.1.5', () => ({ nbf: 0 })),
  withClaims('nbf before 1970', 'RFC 7519 §4.1.5', () => ({ nbf: -1 })),
  withClaims('nbf the most negative number', 'RFC 7519 §4.1.5', () => ({ nbf: -Number.MAX_VALUE })),
  withClaims('auth_time long ago', 'OIDC Core §2', () => ({ auth_time: 1 })),
  {
    name: 'times with exponents and fractions of zero',
    source: 'RFC 8259 §6',
    token: (kit) => kit.signed(kit.header, withMember({ ...kit.claims, iat: undefined }, '"iat":17600000.00e+2')),
  },

  withHeader('no typ', 'RFC 7515 §4.1.9', { typ: undefined }),
  withHeader('another typ', 'RFC 7515 §4.1.9', { typ: 'application/at+jwt' }),
  withHeader('a typ that is null', 'RFC 7515 §4.1.9', { typ: null }),
  withHeader('a cty', 'RFC 7515 §4.1.10', { cty: 'json' }),
  withHeader('jku', 'RFC 7515 §4.1.2', { jku: 'https://attacker.example/jwks.json' }),
  withHeader('jwk', 'RFC 7515 §4.1.3', { jwk: { kty: 'oct', k: 'c2VjcmV0' } }),
  withHeader('x5u', 'RFC 7515 §4.1.5', { x5u: 'http://169.254.169.254/' }),
  withHeader('x5c', 'RFC 7515 §4.1.6', { x5c: ['AAAA'] }),
  withHeader('x5t', 'RFC 7515 §4.1.7', { x5t: 'AAAA', 'x5t#S256': 'AAAA' }),
  withHeader('parameters that nobody knows', UNKNOWN_PARAMETERS, { '': 0, x: [{ y: null }], nonce: 'n', url: 'u' }),
  withHeader('claims in the header', 'RFC 7519 §5.3', { iss: 'https://attacker.example', aud: 'x', exp: 0 }),
  withHeader('a parameter __proto__', 'CWE-1321', { ['__proto__']: { alg: 'none', crit: ['x'], b64: false } }),
  withHeader('a parameter constructor', 'CWE-1321', { constructor: { prototype: { alg: 'none', crit: ['x'] } } }),

  written('white space wherever it may be', WHITE_SPACE, (json) =>
    ['\r\n', JSON.stringify(JSON.parse(json), null, '\t '), '\n'].join(' '),
  ),
  written('members in another order', 'RFC 8259 §4', (json) =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json)).reverse())),
  ),
  written('every name and every text escaped', 'RFC 8259 §7', (json) =>
    json.replace(/"[^"]*"/g, (text) => `"${text.slice(1, -1).replace(/./gs, escaped)}"`),
  ),
  written('slashes escaped', 'RFC 8259 §7', (json) => json.replaceAll('/', '\\/')),

  { name: 'exactly 16,384 characters', source: 'limit of 16 KiB', token: (kit) => tokenOfLength(kit, 16_384) },
  { name: 'a signature that begins with a zero byte', source: 'RFC 8017 §8.2.1', token: startingWithZero },
  ...acceptedKeys,

  inHeader('bearer in lower case', 'RFC 9110 §11.1', (token) => `bearer ${token}`),
  inHeader('BEARER in upper case', 'RFC 9110 §11.1', (token) => `BEARER ${token}`),
  inHeader('bEaReR in both', 'RFC 9110 §11.1', (token) => `bEaReR ${token}`),
  inHeader('several spaces', 'RFC 6750 §2.1', (token) => `Bearer    ${token}`),
  inHeader('a list of one header', 'RFC 9110 §5.3', (token) => [`Bearer ${token}`]),
];

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function startingWithZero(kit: Kit): string {
  for (let attempt = 0; attempt < 100_000; attempt += 1) {
    const input = signingInput(kit.header, { ...kit.claims, attempt });
    const signature = rs256(kit.keys.google, input);
    if (toInteger(signature) < 2n ** 2040n) {
      return join(input, signature);
    }
  }
  throw new Error('No signature begins with a zero byte.');
}
