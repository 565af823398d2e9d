import type { HostileInput } from '../hostile-input.ts';
import { CALLER_EMAIL } from '../kit.ts';

type Row = readonly [name: string, source: string, claims: object];

const VERIFIED = 'OIDC Core §5.1';
const EXACT = 'Google facts: compare e-mails exactly';
const TR36 = 'Unicode TR 36';

const rows: readonly Row[] = [
  ['another account of the project', EXACT, { email: 'other@my-project.iam.gserviceaccount.com' }],
  ['the same name in another project', EXACT, { email: 'push@other-project.iam.gserviceaccount.com' }],
  ['a person', EXACT, { email: 'push@gmail.com' }],
  ['no e-mail', 'Google facts: metadata server', { email: undefined, email_verified: undefined }],
  ['no e-mail but a verified one', VERIFIED, { email: undefined }],
  ['our e-mail, unverified', VERIFIED, { email_verified: false }],
  ['our e-mail, nothing said of its verification', VERIFIED, { email_verified: undefined }],
  ['our e-mail, verified null', VERIFIED, { email_verified: null }],
  ['our e-mail, verified "true" as text', VERIFIED, { email_verified: 'true' }],
  ['our e-mail, verified 1', VERIFIED, { email_verified: 1 }],
  ['our e-mail, verified as a list', VERIFIED, { email_verified: [true] }],
  ['our e-mail in upper case', EXACT, { email: CALLER_EMAIL.toUpperCase() }],
  ['our e-mail with a space behind', EXACT, { email: `${CALLER_EMAIL} ` }],
  ['our e-mail with a NUL behind', 'CWE-158', { email: `${CALLER_EMAIL}\0` }],
  ['our e-mail with a line feed behind', EXACT, { email: `${CALLER_EMAIL}\n` }],
  ['our e-mail with a name', 'RFC 5322 §3.4', { email: `Push <${CALLER_EMAIL}>` }],
  ['our e-mail with a comment', 'RFC 5322 §3.2.2', { email: CALLER_EMAIL.replace('@', '(x)@') }],
  ['our e-mail with a tag', 'RFC 5233', { email: CALLER_EMAIL.replace('@', '+x@') }],
  ['our e-mail and a domain behind', EXACT, { email: `${CALLER_EMAIL}.attacker.example` }],
  ['our e-mail as the local part', 'RFC 5321 §4.1.2', { email: `"${CALLER_EMAIL}"@attacker.example` }],
  ['our e-mail and another one', EXACT, { email: `${CALLER_EMAIL},other@attacker.example` }],
  ['our e-mail with a Cyrillic letter', TR36, { email: CALLER_EMAIL.replace('p', '\u0440') }],
  ['our e-mail with a full-width letter', TR36, { email: CALLER_EMAIL.replace('p', '\uff50') }],
  ['our e-mail in a list', 'CWE-843', { email: [CALLER_EMAIL] }],
  ['our e-mail in an object', 'CWE-843', { email: { toString: CALLER_EMAIL } }],
  ['our e-mail under another name', EXACT, { email: undefined, 'e-mail': CALLER_EMAIL, EMAIL: CALLER_EMAIL }],
  ['our e-mail as azp only', 'Google facts: claims', { email: undefined, azp: CALLER_EMAIL }],
  ['our e-mail as sub only', EXACT, { email: undefined, sub: CALLER_EMAIL }],
  ['our e-mail in __proto__ only', 'CWE-1321', { email: undefined, ['__proto__']: { email: CALLER_EMAIL } }],
  [
    'our e-mail for a person of a domain',
    'Google facts: Sign in with Google',
    { hd: 'my-project.iam.gserviceaccount.com' },
  ],
  ['an e-mail of lines for a log', 'CWE-117', { email: 'x@x.example\r\n{"type":"token_accepted"}\u001b[2J' }],
  ['an e-mail of eight thousand characters', 'CWE-400', { email: `${'x'.repeat(8000)}@x.example` }],
];

/** Good tokens of callers who may not call: one service account may, by its e-mail. */
export const callers: readonly HostileInput[] = rows.map(([name, source, claims]) => ({
  name: `caller: ${name}`,
  source,
  code: 'caller_not_allowed',
  token: (kit) => kit.token(claims),
}));
