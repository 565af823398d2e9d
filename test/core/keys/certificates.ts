/*
 * A certificate authority of the tests' own, by the openssl of the machine.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a TLS server takes. */
export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
}

export interface CertificateAuthority {
  /** Its certificate, in PEM: a path for `NODE_EXTRA_CA_CERTS`. */
  readonly path: string;
  /** For `localhost` and 127.0.0.1, if not for another name. */
  certificate(options?: { readonly name?: string; readonly days?: number }): Certificate;
  remove(): void;
}

export const hasOpenssl = isThere('openssl', ['version']);

export function createCertificateAuthority(): CertificateAuthority {
  const directory = mkdtempSync(join(tmpdir(), 'id-token-guard-ca-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=A CA of tests', '-days', '2');
  return {
    path: join(directory, 'ca.pem'),
    certificate({ name, days = 1 } = {}) {
      const names = name === undefined ? 'DNS:localhost,IP:127.0.0.1' : `DNS:${name}`;
      writeFileSync(join(directory, 'names'), `subjectAltName=${names}`);
      openssl('req', ...newKey, '-keyout', 'key', '-out', 'request', '-subj', '/CN=a server of tests');
      const signedBy = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', `${days}`];
      openssl('x509', '-req', '-in', 'request', ...signedBy, '-extfile', 'names', '-out', 'cert');
      return { key: readFileSync(join(directory, 'key')), cert: readFileSync(join(directory, 'cert')) };
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** Tells whether a program is installed. */
export function isThere(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
