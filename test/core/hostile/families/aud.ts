import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { HostileInput } from '../hostile-input.ts';
import { AUDIENCE } from '../kit.ts';

type Row = readonly [name: string, source: string, aud: unknown, more?: object];

const EXACT = 'RFC 7519 §4.1.3';
const URLS = 'RFC 3986 §6';
const LIST = 'Google facts: agent identity';
const TR36 = 'Unicode TR 36';

/** Anything but exactly our audience. */
const others: readonly Row[] = [
  ['a list with ours', LIST, [AUDIENCE]],
  ['a list with ours twice', LIST, [AUDIENCE, AUDIENCE]],
  ['a list with ours first', LIST, [AUDIENCE, 'https://other.example.com']],
  ['a list with ours last', LIST, ['https://other.example.com', AUDIENCE]],
  ['an empty list', LIST, []],
  ['a list in a list', LIST, [[AUDIENCE]]],
  ['a list of no text', LIST, [null, 1, {}]],
  ['a list of a thousand', 'CWE-400', Array.from({ length: 1000 }, (_, index) => `a${index}`)],
  ['empty', EXACT, ''],
  ['one space', EXACT, ' '],
  ['another service', EXACT, 'https://other.example.com/push'],
  ['ours in upper case', EXACT, AUDIENCE.toUpperCase()],
  ['ours with a capital', EXACT, 'https://API.example.com/push'],
  ['ours with another case of the path', EXACT, 'https://api.example.com/Push'],
  ['ours with a slash behind', EXACT, `${AUDIENCE}/`],
  ['ours without the path', EXACT, 'https://api.example.com'],
  ['the beginning of ours', EXACT, AUDIENCE.slice(0, -1)],
  ['the end of ours', EXACT, AUDIENCE.slice(1)],
  ['ours and a letter', EXACT, `${AUDIENCE}x`],
  ['ours and a path below', EXACT, `${AUDIENCE}/orders`],
  ['ours and a query', EXACT, `${AUDIENCE}?token=1`],
  ['ours and an empty query', EXACT, `${AUDIENCE}?`],
  ['ours and a fragment', EXACT, `${AUDIENCE}#x`],
  ['ours over http', EXACT, AUDIENCE.replace('https', 'http')],
  ['ours without scheme', EXACT, AUDIENCE.replace('https://', '')],
  ['ours with its port', URLS, 'https://api.example.com:443/push'],
  ['ours with a dot behind the host', URLS, 'https://api.example.com./push'],
  ['ours with a path that leads back', URLS, 'https://api.example.com/x/../push'],
  ['ours with a doubled slash', URLS, 'https://api.example.com//push'],
  ['ours with backslashes', URLS, 'https:\\\\api.example.com\\push'],
  ['ours percent-encoded', URLS, 'https://api.example.com/%70ush'],
  ['ours with a user name', URLS, 'https://user@api.example.com/push'],
  ["an attacker's host behind ours as user name", URLS, 'https://api.example.com@attacker.example/push'],
  ["an attacker's host that begins with ours", URLS, 'https://api.example.com.attacker.example/push'],
  ["an attacker's URL with ours in the path", URLS, `https://attacker.example/${AUDIENCE}`],
  ["an attacker's URL with ours in the query", URLS, `https://attacker.example/?aud=${AUDIENCE}`],
  ['a host below ours', URLS, 'https://x.api.example.com/push'],
  ['a host above ours', URLS, 'https://example.com/push'],
  ['a host that differs where a pattern has a dot', 'CVE-2026-35041', 'https://api-example.com/push'],
  ['ours with a space behind', EXACT, `${AUDIENCE} `],
  ['ours with a space in front', EXACT, ` ${AUDIENCE}`],
  ['ours with a line feed behind', EXACT, `${AUDIENCE}\n`],
  ['ours with a NUL behind', 'CWE-158', `${AUDIENCE}\0`],
  ['ours with a NUL and more behind', 'CWE-158', `${AUDIENCE}\0.attacker.example`],
  ['ours with a byte order mark', TR36, `\ufeff${AUDIENCE}`],
  ['ours with a zero-width space', TR36, `${AUDIENCE}\u200b`],
  ['ours with a Cyrillic letter', TR36, AUDIENCE.replace('a', '\u0430')],
  ['ours with a full-width letter', TR36, AUDIENCE.replace('push', '\uff50ush')],
  ['ours with a combining accent', TR36, `${AUDIENCE}\u0301`],
  ['ours in quotes', EXACT, `"${AUDIENCE}"`],
  ['ours as the JSON text of a list', EXACT, `["${AUDIENCE}"]`],
  ['ours and another, with a comma', EXACT, `${AUDIENCE},https://other.example.com`],
  ['ours and another, with a space', EXACT, `${AUDIENCE} https://other.example.com`],
  ['a wildcard', 'RFC 8725 §3.9', '*'],
  ['a wildcard for the host', 'RFC 8725 §3.9', 'https://*.example.com/push'],
  ['a pattern that matches everything', 'CVE-2026-35041', '.*'],
  ['a pattern that takes for ever', 'CVE-2026-35041', `${'a'.repeat(5000)}!`],
  ['the word undefined', 'CWE-20', 'undefined'],
  ['the word null', 'CWE-20', 'null'],
  ['the name __proto__', 'CWE-1321', '__proto__'],
  ['the name size', 'CWE-1321', 'size'],
  ["gcloud's own", 'Google facts: gcloud', '32555940559.apps.googleusercontent.com', { hd: 'example.com' }],
  [
    "gcloud's own for application default credentials",
    'Google facts: gcloud',
    '764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com',
  ],
  [
    "Cloud Shell's own",
    'Google facts: Cloud Shell',
    '618104708054-9r9s1c4alg36erliucho9t52n32n6dgq.apps.googleusercontent.com',
  ],
  ["the OAuth Playground's own", 'Google facts: OAuth Playground', '407408718192.apps.googleusercontent.com'],
  ['a web client', 'Google facts: Sign in with Google', '1234567890-abc.apps.googleusercontent.com'],
  ['a project number', 'Google facts: Chat', '1234567890'],
  ['a project id', 'Google facts: Firebase', 'my-project'],
  ["Google's token endpoint", 'Google facts: service-account keys', 'https://oauth2.googleapis.com/token'],
  ['our e-mail', EXACT, 'push@my-project.iam.gserviceaccount.com'],
  ['lines for a log', 'CWE-117', 'https://x.example\r\n{"type":"token_accepted"}\u001b[2J\u202e'],
  ['eight thousand characters', 'CWE-400', `https://api.example.com/${'x'.repeat(8000)}`],
  ['a lone surrogate', 'RFC 8259 §8.2', '\ud800'],
];

/** No audience at all. */
const notText: readonly Row[] = [
  ['left out', 'CVE-2025-62610', undefined],
  ['null', EXACT, null],
  ['true', EXACT, true],
  ['zero', EXACT, 0],
  ['a number', EXACT, 1_234_567_890],
  ['an object', EXACT, {}],
  ['an object with ours as name', 'CWE-843', { [AUDIENCE]: true }],
  ['an object that looks like a list', 'CWE-843', { 0: AUDIENCE, length: 1 }],
  ['an object that would print as ours', 'CWE-843', { toString: AUDIENCE }],
];

function inputs(code: GoogleIdTokenErrorCode, rows: readonly Row[]): HostileInput[] {
  return rows.map(([name, source, aud, more = {}]) => ({
    name: `aud ${name}`,
    source,
    code,
    token: (kit) => kit.token({ aud, ...more }),
  }));
}

/** Tokens for somebody else. */
export const aud: readonly HostileInput[] = [
  ...inputs('audience_mismatch', others),
  ...inputs('claim_invalid', notText),
  {
    name: 'aud twice, the last one of another service',
    source: 'RFC 7519 §4',
    code: 'audience_mismatch',
    token: (kit) => kit.signed(kit.header, `${JSON.stringify(kit.claims).slice(0, -1)},"aud":"https://other.example"}`),
  },
];
