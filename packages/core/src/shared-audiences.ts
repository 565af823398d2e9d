/**
 * OAuth clients whose tokens everybody in the world can get, by what they belong to. Such a token was made for no service in
 * particular, so that its audience says nothing: it proves only that somebody has a Google account.
 */
const SHARED_AUDIENCES: Readonly<Record<string, string>> = {
  '32555940559': 'gcloud',
  '764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur': 'Application Default Credentials',
  '618104708054-9r9s1c4alg36erliucho9t52n32n6dgq': 'Cloud Shell',
  '407408718192': 'the OAuth Playground',
};

const SUFFIX = '.apps.googleusercontent.com';

/** Whose users all share this audience, such as `gcloud`; `undefined` for any other audience. */
export function sharersOf(audience: string): string | undefined {
  const client = audience.endsWith(SUFFIX) ? audience.slice(0, -SUFFIX.length) : '';
  return Object.hasOwn(SHARED_AUDIENCES, client) ? SHARED_AUDIENCES[client] : undefined;
}
