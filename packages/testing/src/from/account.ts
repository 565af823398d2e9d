/** The service account that sends unless you name another. */
export const DEFAULT_SERVICE_ACCOUNT = 'sender@my-project.iam.gserviceaccount.com';

/** The unique id of an account: the same 21 digits for the same e-mail, every time. */
export async function uniqueIdOf(email: string): Promise<string> {
  const digest = await sha256(email);
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `1${(BigInt(`0x${hex}`) % 10n ** 20n).toString().padStart(20, '0')}`;
}

/** `name@PROJECT.iam.gserviceaccount.com`, `PROJECT@appspot.gserviceaccount.com` */
export function projectOf(email: string): string {
  const [name = '', domain = ''] = email.split('@');
  return domain.startsWith('appspot.') ? name : (domain.split('.')[0] ?? '');
}

// Web Crypto, so that the fake Google runs wherever tests run: Node.js, Workers, browsers.
export async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
