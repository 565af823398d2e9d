import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

type Row = readonly [name: string, source: string, payload: (kit: Kit) => unknown];

const SUB = 'RFC 7519 §4.1.2';
const EVENTS = 'RFC 8417 §2.2';

/** A good set of claims with these in place of the good ones. */
function withClaims(name: string, source: string, claims: object): Row {
  return [name, source, (kit) => ({ ...kit.claims, ...claims })];
}

/** The payload written by hand: the good claims but for `sub`, and this text in its place. */
function withoutSub(name: string, source: string, members: string): Row {
  return [name, source, (kit) => `${JSON.stringify({ ...kit.claims, sub: undefined }).slice(0, -1)}${members}}`];
}

const rows: readonly Row[] = [
  ['no claims', 'RFC 7519 §4', () => ({})],
  ['every claim null', 'RFC 7519 §4', (kit) => renamed(kit, (name) => [name, null])],
  ['every claim in upper case', 'RFC 7519 §4', (kit) => renamed(kit, (name, value) => [name.toUpperCase(), value])],
  [
    'every claim with a space behind its name',
    'RFC 7519 §4',
    (kit) => renamed(kit, (name, value) => [`${name} `, value]),
  ],
  ['the claims in a member "claims"', 'RFC 7519 §4', (kit) => ({ claims: kit.claims })],
  ['the claims in a member with an empty name', 'RFC 7519 §4', (kit) => ({ '': kit.claims })],
  ['the claims in __proto__', 'CWE-1321', (kit) => ({ ['__proto__']: kit.claims })],
  ['the claims in constructor.prototype', 'CWE-1321', (kit) => ({ constructor: { prototype: kit.claims } })],
  ['the header once more', 'RFC 7519 §5', (kit) => kit.header],
  withClaims('sub left out', SUB, { sub: undefined }),
  withClaims('sub null', SUB, { sub: null }),
  withClaims('sub empty', SUB, { sub: '' }),
  withClaims('sub a number', SUB, { sub: 113377114488220 }),
  withClaims('sub zero', SUB, { sub: 0 }),
  withClaims('sub true', SUB, { sub: true }),
  withClaims('sub a list', SUB, { sub: ['113377114488220099117'] }),
  withClaims('sub an object', SUB, { sub: { id: '113377114488220099117' } }),
  withClaims('sub an object that looks like text', 'CWE-843', { sub: { length: 21, toString: '1' } }),
  withoutSub('sub in __proto__ only', 'CWE-1321', ',"__proto__":{"sub":"113377114488220099117"}'),
  withoutSub('sub twice, the last one null', 'RFC 7519 §4', ',"sub":"113377114488220099117","sub":null'),
  withoutSub('sub written as a digit too large for a number', SUB, ',"sub":113377114488220099117'),
  withoutSub(
    'members that would change every object',
    'CWE-1321',
    ',"__proto__":{"polluted":true,"sub":"1"},"constructor":{"prototype":{"polluted":true,"sub":"1"}}',
  ),
  withClaims('a security event of Google', 'Google facts: RISC', {
    jti: 'canary-event-756e69717565',
    events: {
      'https://schemas.openid.net/secevent/risc/event-type/account-disabled': {
        subject: { subject_type: 'iss-sub', iss: 'https://accounts.google.com/', sub: '7375626a656374' },
        reason: 'hijacking',
      },
    },
  }),
  withClaims('events empty', EVENTS, { events: {} }),
  withClaims('events null', EVENTS, { events: null }),
  withClaims('events false', EVENTS, { events: false }),
  withClaims('events a list', EVENTS, { events: [] }),
  withClaims('events text', EVENTS, { events: '' }),
  withClaims('a security event that never expires', 'Google facts: RISC', { events: {}, exp: undefined }),
];

function renamed(kit: Kit, rename: (name: string, value: unknown) => [string, unknown]): object {
  return Object.fromEntries(Object.entries(kit.claims).map(([name, value]) => rename(name, value)));
}

/** Payloads whose claims are not all there, not what they should be, or not about a caller. */
export const claims: readonly HostileInput[] = [
  ...rows.map(
    ([name, source, payload]): HostileInput => ({
      name,
      source,
      code: 'claim_invalid',
      token: (kit) => kit.signed(kit.header, payload(kit)),
    }),
  ),
  {
    name: 'the claims in the header',
    source: 'RFC 7519 §5.3',
    code: 'claim_invalid',
    token: (kit) => kit.signed({ ...kit.header, ...kit.claims }, {}),
  },
];
