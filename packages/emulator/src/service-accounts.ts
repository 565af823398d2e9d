import { createSigningKey, projectOf, type SigningKey, uniqueIdOf } from '@id-token-guard/testing/internal';
import { exportPKCS8 } from 'jose';

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
  /**
   * The e-mail of an account, by e-mail or by unique id. Every account exists whose e-mail looks like one; its unique id
   * is known once its e-mail has been seen, since nobody can tell the e-mail from the id.
   */
  find(emailOrUniqueId: string): Promise<string | undefined>;
  /** Makes the account's key where it is not there yet. */
  keyFile(email: string, tokenUri: string): Promise<ServiceAccountKey>;
  /** The key that was handed out, if any. */
  keyOf(email: string): Promise<SigningKey> | undefined;
}

export function createServiceAccounts(): ServiceAccounts {
  const emails = new Map<string, string>();
  const keys = new Map<string, Promise<SigningKey>>();
  return {
    async find(emailOrUniqueId) {
      if (isServiceAccountEmail(emailOrUniqueId)) {
        emails.set(await uniqueIdOf(emailOrUniqueId), emailOrUniqueId);
        return emailOrUniqueId;
      }
      return emails.get(emailOrUniqueId);
    },
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
        client_id: await uniqueIdOf(email),
        token_uri: tokenUri,
      };
    },
    keyOf: (email) => keys.get(email),
  };
}

/** A service account's e-mail, of any kind: user-managed, default, or Google's own. */
function isServiceAccountEmail(text: string): boolean {
  return /^[^@/\s]+@[a-z0-9.-]+\.gserviceaccount\.com$/.test(text);
}
