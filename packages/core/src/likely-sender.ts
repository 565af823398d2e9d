import { isJsonObject, type JsonObject, own } from './json.ts';
import { sharersOf } from './shared-audiences.ts';

/** Google's own accounts that call services of others, by the end of their e-mails. */
const AGENTS: Readonly<Record<string, string>> = {
  '@gcp-sa-gsuiteaddons.iam': 'a Workspace add-on, or a Chat app that is one',
  '@gcp-sa-dialogflow.iam': 'a webhook or tool of Dialogflow CX',
  '@gcp-sa-ces.iam': 'a tool of the Customer Engagement Suite',
  '@gcp-sa-monitoring-notification.iam': 'an uptime check of Cloud Monitoring',
  '@gcp-sa-ekms.iam': 'Cloud External Key Manager',
  'chat@system': 'Google Chat, for a standalone app',
  'google-analytics-audience-export@system': 'a webhook of Google Analytics',
};

/** Who probably sent a token, by what its claims look like. For tools: anybody can write claims, so this proves nothing. */
export function likelySender(claims: JsonObject): string {
  const [iss, aud, azp, sub, email] = ['iss', 'aud', 'azp', 'sub', 'email'].map((name) => own(claims, name));
  if (iss !== 'https://accounts.google.com' && iss !== 'accounts.google.com') {
    return 'not Google Accounts: see the checks';
  }
  const sharers = typeof aud === 'string' ? sharersOf(aud) : undefined;
  if (sharers !== undefined) {
    return `a person, through ${sharers}${sharers === 'gcloud' ? ' (gcloud auth print-identity-token)' : ''}`;
  }
  if (instanceOf(claims) !== undefined) {
    return 'a virtual machine, from its metadata server with format=full';
  }
  if (typeof email !== 'string') {
    return isClientId(aud)
      ? 'a person, through an OAuth client that did not ask for the scope email'
      : 'a metadata server with format=standard, as for API Gateway and Envoy, or impersonation without includeEmail, as in GitHub Actions';
  }
  if (!email.endsWith('.gserviceaccount.com')) {
    return 'a person, through Sign in with Google, Apps Script or another OAuth client';
  }
  const agent = Object.keys(AGENTS).find((end) => email.endsWith(`${end}.gserviceaccount.com`));
  if (agent !== undefined) {
    return `${AGENTS[agent]}`;
  }
  if (/@(gcp-sa-[a-z-]+\.iam|system)\.gserviceaccount\.com$/.test(email)) {
    return "one of Google's own service agents";
  }
  if (azp === email) {
    return 'a service account with its key, or impersonated by a client library (useEmailAzp)';
  }
  const services =
    typeof aud === 'string' && /^https?:/.test(aud)
      ? 'Pub/Sub, Cloud Tasks, Cloud Scheduler, Workflows, Eventarc, '
      : '';
  return azp === sub ? `a service account: ${services}impersonation, or a metadata server` : 'a service account';
}

function instanceOf(claims: JsonObject): unknown {
  const google = own(claims, 'google');
  return isJsonObject(google) ? own(google, 'compute_engine') : undefined;
}

function isClientId(aud: unknown): boolean {
  return typeof aud === 'string' && aud.endsWith('.apps.googleusercontent.com');
}
