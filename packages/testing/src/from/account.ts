/** The service account that sends unless you name another. */
export const DEFAULT_SERVICE_ACCOUNT = 'sender@my-project.iam.gserviceaccount.com';

/** The unique id of an account: the same 21 digits for the same e-mail, every time. */
export async function uniqueIdOf(email: string): Promise<string> {
  const digest = await sha256(email);
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `1${(BigInt(`0x${hex}`) % 10n ** 20n).toString().padStart(20, '0')}`;
}

/** The project of accounts whose e-mail tells none, such as that of Compute Engine. */
const DEFAULT_PROJECT = 'my-project';

/**
 * `name@PROJECT.iam.gserviceaccount.com`, `PROJECT@appspot.gserviceaccount.com`; a project of a domain, `example.com:name`,
 * stands there as `name.example.com`.
 */
export function projectOf(email: string): string {
  const [, project = DEFAULT_PROJECT] =
    /^.*@(.+)\.iam\.gserviceaccount\.com$/.exec(email) ?? /^(.+)@appspot\.gserviceaccount\.com$/.exec(email) ?? [];
  const [, name, domain] = /^([^.]+)\.(.+)$/.exec(project) ?? [];
  return name === undefined ? project : `${domain}:${name}`;
}

// Web Crypto, so that the fake Google runs wherever tests run: Node.js, Workers, browsers.
export async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
