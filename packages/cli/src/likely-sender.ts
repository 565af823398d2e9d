type Claims = { readonly [name: string]: unknown };

const GCLOUD_AUDIENCE = '32555940559.apps.googleusercontent.com';

/** Who probably sent a token, by what its claims look like. Anybody can write claims: this proves nothing. */
export function likelySender(claims: Claims): string {
  const { iss, aud, azp, sub, email } = claims;
  if (iss !== 'https://accounts.google.com' && iss !== 'accounts.google.com') {
    return 'not Google Accounts: see the checks';
  }
  if (aud === GCLOUD_AUDIENCE) {
    return 'a person with gcloud auth print-identity-token';
  }
  if (instanceOf(claims) !== undefined) {
    return 'a virtual machine, from its metadata server with format=full';
  }
  if (email === 'chat@system.gserviceaccount.com') {
    return 'Google Chat';
  }
  if (typeof email !== 'string') {
    return 'a metadata server with format=standard, or impersonation without includeEmail';
  }
  if (!email.endsWith('.gserviceaccount.com')) {
    return 'a person, through Sign in with Google or another OAuth client';
  }
  if (azp === email) {
    return 'a service account with its key, or impersonated by a client library (useEmailAzp)';
  }
  if (/@gcp-sa-[a-z-]+\.iam\.gserviceaccount\.com$/.test(email)) {
    return "one of Google's own service agents";
  }
  const services =
    typeof aud === 'string' && /^https?:/.test(aud)
      ? 'Pub/Sub, Cloud Tasks, Cloud Scheduler, Workflows, Eventarc, '
      : '';
  return azp === sub ? `a service account: ${services}impersonation, or a metadata server` : 'a service account';
}

function instanceOf({ google }: Claims): unknown {
  return typeof google === 'object' && google !== null ? (google as Claims)['compute_engine'] : undefined;
}
