import { join, rs256, sha256, signingInput } from '../forge.ts';
import type { HostileInput } from '../hostile-input.ts';
import type { Kit } from '../kit.ts';

type Row = readonly [name: string, source: string, header: (kit: Kit) => object];

const ATTACKER_KID = 'a77ac4e2a77ac4e2a77ac4e2a77ac4e2a77ac4e2';
const ATTACKER_URL = 'https://attacker.example/jwks.json';

function certificate(kit: Kit): Buffer {
  return kit.keys.attacker.publicKey.export({ type: 'spki', format: 'der' });
}

function attackerJwk(kit: Kit): object {
  return { ...kit.keys.attacker.publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: kit.header['kid'] };
}

/** Where a token may say that its key is to be had. */
const rows: readonly Row[] = [
  ['jwk', 'CVE-2018-0114', (kit) => ({ jwk: attackerJwk(kit) })],
  ['jwks', 'RFC 7515 §4.1.3', (kit) => ({ jwks: { keys: [attackerJwk(kit)] } })],
  ['jku', 'RFC 7515 §4.1.2', () => ({ jku: ATTACKER_URL })],
  ["jku with Google's host as user name", 'CWE-918', () => ({ jku: 'https://www.googleapis.com@attacker.example/c' })],
  ["jku with Google's host in front", 'CWE-918', () => ({ jku: 'https://www.googleapis.com.attacker.example/c' })],
  ["jku with Google's host in the fragment", 'CWE-918', () => ({ jku: `${ATTACKER_URL}#www.googleapis.com/oauth2` })],
  ['jku of a metadata server', 'CWE-918', () => ({ jku: 'http://169.254.169.254/computeMetadata/v1/' })],
  ['jku of a file', 'CWE-918', () => ({ jku: 'file:///etc/passwd' })],
  ['jku as data', 'CWE-918', (kit) => ({ jku: `data:application/json,${JSON.stringify(attackerJwk(kit))}` })],
  ['jku as a list', 'RFC 7515 §4.1.2', () => ({ jku: [ATTACKER_URL] })],
  ['x5u', 'RFC 7515 §4.1.5', () => ({ x5u: 'https://attacker.example/certificate.pem' })],
  ['x5c', 'RFC 7515 §4.1.6', (kit) => ({ x5c: [certificate(kit).toString('base64')] })],
  ['x5t', 'RFC 7515 §4.1.7', (kit) => ({ x5t: sha256(certificate(kit)).toString('base64url') })],
  ['x5t#S256', 'RFC 7515 §4.1.8', (kit) => ({ 'x5t#S256': sha256(certificate(kit)).toString('base64url') })],
  ['iss in the header', 'get-jwks before 11.0.2', () => ({ iss: 'https://attacker.example' })],
  ['everything at once', 'RFC 8725 §3.10', (kit) => ({ jwk: attackerJwk(kit), jku: ATTACKER_URL, x5u: ATTACKER_URL })],
];

function signedByAttacker(kit: Kit, header: object): string {
  const input = signingInput({ ...kit.header, ...header }, kit.claims);
  return join(input, rs256(kit.keys.attacker, input));
}

/** Tokens that bring the attacker's key along or say where to get it, and are signed with it. */
export const embeddedKeys: readonly HostileInput[] = rows.flatMap(([name, source, header]): HostileInput[] => [
  {
    name: `the key in ${name}, under a kid of Google's`,
    source,
    code: 'signature_invalid',
    token: (kit) => signedByAttacker(kit, header(kit)),
  },
  {
    name: `the key in ${name}, under a kid of its own`,
    source,
    code: 'key_unknown',
    token: (kit) => signedByAttacker(kit, { ...header(kit), kid: ATTACKER_KID }),
  },
]);
