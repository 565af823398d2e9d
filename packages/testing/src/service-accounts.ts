import { createHash } from 'node:crypto';
import { exportPKCS8 } from 'jose';
import { createSigningKey, type SigningKey } from './signing-key.ts';

/** The key file of a service account, as far as Google's client libraries read it. */
export interface ServiceAccountKey {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  /** PKCS #8 in PEM. */
  readonly private_key: string;
  readonly client_email: string;
  /** The unique id of the account, the `sub` of its tokens. */
  readonly client_id: string;
  readonly token_uri: string;
}

/** The service accounts that a fake Google knows, with the keys that they sign assertions with. */
export interface ServiceAccounts {
  /** Makes the account and its key where they are not there yet. */
  keyFile(email: string, tokenUri: string): Promise<ServiceAccountKey>;
  keyOf(email: string): Promise<SigningKey> | undefined;
}

export function createServiceAccounts(): ServiceAccounts {
  const keys = new Map<string, Promise<SigningKey>>();
  return {
    async keyFile(email, tokenUri) {
      const key = keys.get(email) ?? createSigningKey();
      keys.set(email, key);
      const { kid, privateKey } = await key;
      return {
        type: 'service_account',
        project_id: projectOf(email),
        private_key_id: kid,
        private_key: await exportPKCS8(privateKey),
        client_email: email,
        client_id: uniqueIdOf(email),
        token_uri: tokenUri,
      };
    },
    keyOf: (email) => keys.get(email),
  };
}

/** The same 21 digits for the same e-mail, every time. */
export function uniqueIdOf(email: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`) % 10n ** 20n;
  return `1${digits.toString().padStart(20, '0')}`;
}

/** `name@PROJECT.iam.gserviceaccount.com` */
export function projectOf(email: string): string {
  return email.split(/[@.]/)[1] ?? '';
}
