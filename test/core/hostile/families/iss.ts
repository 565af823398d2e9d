import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { HostileInput } from '../hostile-input.ts';

type Row = readonly [source: string, iss: unknown, more?: object];

const EXACT = 'OIDC Core §3.1.3.7';
const URLS = 'RFC 3986 §6';
const TR36 = 'Unicode TR 36';

/** Text that is neither of the two issuers. Google's own key signs it all. */
const others: readonly Row[] = [
  [EXACT, 'https://accounts.google.com/'],
  [EXACT, 'accounts.google.com/'],
  [EXACT, 'http://accounts.google.com'],
  [EXACT, 'HTTPS://ACCOUNTS.GOOGLE.COM'],
  [EXACT, 'https://Accounts.Google.com'],
  [EXACT, 'ACCOUNTS.GOOGLE.COM'],
  [EXACT, ' https://accounts.google.com'],
  [EXACT, 'https://accounts.google.com '],
  [EXACT, 'https://accounts.google.com\n'],
  [EXACT, 'https://accounts.google.com\0'],
  [EXACT, 'https://accounts.google.com\0.attacker.example'],
  [EXACT, '\ufeffhttps://accounts.google.com'],
  [EXACT, '"https://accounts.google.com"'],
  [EXACT, 'https://accounts.google.com,accounts.google.com'],
  [EXACT, 'https://accounts.google.com accounts.google.com'],
  [URLS, '//accounts.google.com'],
  [URLS, 'https:accounts.google.com'],
  [URLS, 'https:///accounts.google.com'],
  [URLS, 'https:\\\\accounts.google.com'],
  [URLS, 'https://accounts.google.com:443'],
  [URLS, 'https://accounts.google.com.'],
  [URLS, 'accounts.google.com.'],
  [URLS, 'https://accounts.google.com?'],
  [URLS, 'https://accounts.google.com#'],
  [URLS, 'https://accounts.google.com/o/oauth2'],
  [URLS, 'https://accounts%2Egoogle.com'],
  [URLS, 'https://accounts.google.com@attacker.example'],
  [URLS, 'https://accounts.google.com:x@attacker.example'],
  [URLS, 'https://attacker.example/https://accounts.google.com'],
  [URLS, 'https://attacker.example#accounts.google.com'],
  ['RFC 8725 §3.8', 'https://accounts.google.com.attacker.example'],
  ['RFC 8725 §3.8', 'https://login.accounts.google.com'],
  ['RFC 8725 §3.8', 'https://google.com'],
  ['RFC 8725 §3.8', 'google.com'],
  ['RFC 8725 §3.8', 'com'],
  ['RFC 8725 §3.8', 'https://accounts-google.com'],
  ['RFC 8725 §3.8', 'https://accountsXgoogle.com'],
  ['RFC 8725 §3.8', 'https://accounts.google.co'],
  ['RFC 8725 §3.8', 'https://accounts.google.com.au'],
  ['RFC 8725 §3.8', 'https://accounts.goog1e.com'],
  ['RFC 8725 §3.8', 'https://accounts.youtube.com'],
  ['RFC 8725 §3.8', 'https://attacker.example'],
  [TR36, 'https://accounts.g\u043e\u043egle.com'],
  [TR36, 'https://\u0430ccounts.google.com'],
  [TR36, 'https://accounts\uff0egoogle.com'],
  [TR36, 'https://accounts.google\u200b.com'],
  [TR36, 'https://accounts.goo\u0261le.com'],
  ['RFC 3492', 'https://accounts.xn--ggle-0nda.com'],
  ['CWE-20', '*'],
  ['CWE-20', '.*'],
  ['CWE-20', 'null'],
  ['CWE-1321', '__proto__'],
  ['CWE-117', 'https://attacker.example\r\n{"type":"token_accepted"}\u001b[2J'],
  ['CWE-400', `https://attacker.example/${'x'.repeat(8000)}`],
  ['Google facts: universe domain', 'googleapis.com'],
  ['Google facts: issuers', 'https://www.googleapis.com'],
  ['Google facts: issuers', 'https://oauth2.googleapis.com'],
  [
    'Google facts: Firebase',
    'https://securetoken.google.com/my-project',
    { aud: 'my-project', auth_time: 1_760_000_000 },
  ],
  ['Google facts: Firebase', 'https://session.firebase.google.com/my-project', { aud: 'my-project' }],
  [
    'Google facts: Identity-Aware Proxy',
    'https://cloud.google.com/iap',
    { aud: '/projects/1/global/backendServices/2' },
  ],
  [
    'Google facts: agent identity',
    'https://sts.googleapis.com/v1/organizations/1/locations/global/workloadIdentityPools/agents.global.org-1',
    { aud: ['https://api.example.com/push'], sub: 'spiffe://agents.global.org-1.system.id.goog/resources/x' },
  ],
  [
    'Google facts: service-account keys',
    'push@my-project.iam.gserviceaccount.com',
    { sub: 'push@my-project.iam.gserviceaccount.com' },
  ],
  [
    'Google facts: service-account keys',
    'signer@my-project.iam.gserviceaccount.com',
    { aud: 'https://oauth2.googleapis.com/token', target_audience: 'https://api.example.com/push' },
  ],
  ['Google facts: Chat', 'chat@system.gserviceaccount.com', { aud: '1234567890' }],
  ['Google facts: emulators', 'http://localhost:8585'],
  ['Google facts: emulators', 'http://127.0.0.1:8585'],
  ['RFC 8725 §3.8', 'https://login.microsoftonline.com/common/v2.0'],
  ['RFC 8725 §3.8', 'https://token.actions.githubusercontent.com'],
];

/** What is no text with something in it. */
const notText: readonly Row[] = [
  ['RFC 7519 §4.1.1', undefined],
  ['RFC 7519 §4.1.1', null],
  ['RFC 7519 §4.1.1', ''],
  ['RFC 7519 §4.1.1', true],
  ['RFC 7519 §4.1.1', 0],
  ['CVE-2025-30144', ['https://accounts.google.com']],
  ['CVE-2025-30144', ['https://attacker.example', 'https://accounts.google.com']],
  ['CVE-2025-30144', []],
  ['CWE-843', { toString: 'https://accounts.google.com' }],
  ['CWE-843', { 0: 'https://accounts.google.com', length: 1 }],
];

function inputs(code: GoogleIdTokenErrorCode, rows: readonly Row[]): HostileInput[] {
  return rows.map(([source, iss, more = {}]) => ({
    name: `iss ${JSON.stringify(iss)?.slice(0, 100)}${Object.keys(more).length > 0 ? ', as it comes' : ''}`,
    source,
    code,
    token: (kit) => kit.token({ iss, ...more }),
  }));
}

/** Tokens of anybody but Google Accounts. */
export const iss: readonly HostileInput[] = [...inputs('issuer_mismatch', others), ...inputs('claim_invalid', notText)];
