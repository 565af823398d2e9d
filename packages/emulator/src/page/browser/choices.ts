/*
 * What can be picked on the page. The server knows the same lists: both read this file.
 */
import type { Senders } from '@id-token-guard/testing';

export type SenderName = keyof Senders;

/** A field that only some senders have. */
type OptionName =
  | 'format'
  | 'licenses'
  | 'includeEmail'
  | 'organizationNumberIncluded'
  | 'hostedDomain'
  | 'nonce'
  | 'payload'
  | 'standalone';

/** What the page asks for, for a sender. */
export interface SenderChoice {
  readonly group: 'Google services' | 'Google services, as an account of Google' | 'Your code' | 'People';
  readonly title: string;
  readonly about: string;
  /** Whose e-mail it takes: that of an account of yours, of one of Google's, or of a person. */
  readonly identity: 'account' | 'agent' | 'person';
  /** The e-mail that it has unless another one is given. */
  readonly email: string;
  /**
   * `url`: the URL, unless another one is given; `origin`: its scheme and host, unless another one is given; `given`: always
   * given; `client`: a client id; `fixed`: the URL, nobody can give another; `gcloud`: nobody can give it.
   */
  readonly audience: 'url' | 'origin' | 'given' | 'client' | 'fixed' | 'gcloud';
  readonly options: readonly OptionName[];
}

export const DEFAULT_ACCOUNT = 'sender@my-project.iam.gserviceaccount.com';
export const STANDALONE_CHAT = 'chat@system.gserviceaccount.com';
const DEFAULT_PERSON = 'ada@example.com';

export const DEFAULT_URL = 'http://127.0.0.1:3000/push';
export const DEFAULT_AUDIENCE = 'https://api.example.com';
export const DEFAULT_CLIENT_ID = '1234567890-web.apps.googleusercontent.com';

export const SENDERS: Readonly<Record<SenderName, SenderChoice>> = {
  pubSub: service('Pub/Sub', 'A push subscription with authentication.', { options: ['payload'] }),
  cloudTasks: service('Cloud Tasks', 'A task with an OIDC token.'),
  firebaseTasks: service('Firebase task queue', 'A task that enqueue() of firebase-admin has made.', {
    audience: 'fixed',
  }),
  cloudScheduler: service('Cloud Scheduler', 'A job with an OIDC token.'),
  workflows: service('Workflows', 'An HTTP step with OIDC.'),
  eventarc: service('Eventarc', 'An event that is delivered to an HTTP endpoint.'),
  apiGateway: service('API Gateway, ESPv2', 'A gateway that passes a request of somebody else on to a backend.', {
    audience: 'origin',
    options: ['includeEmail'],
  }),
  apigee: service('Apigee', 'A proxy with GoogleIDToken.', { audience: 'given', options: ['includeEmail'] }),
  vertexExtension: service('Vertex AI extension', 'An operation of an OpenAPI document.', { audience: 'origin' }),
  chat: agent('Google Chat', 'An event for a Chat app.', 'service-107128418443@gcp-sa-gsuiteaddons.iam', [
    'standalone',
  ]),
  workspaceAddOn: agent(
    'Workspace add-on',
    'An event of Gmail, Calendar, Drive or an editor, for an add-on with an HTTP endpoint.',
    'service-107128418443@gcp-sa-gsuiteaddons.iam',
  ),
  dialogflow: agent(
    'Dialogflow CX',
    'A webhook or tool. Google does not document its audience.',
    'service-107128418443@gcp-sa-dialogflow.iam',
  ),
  uptimeCheck: agent(
    'Uptime check',
    'A check of Cloud Monitoring. Google does not document its audience.',
    'service-107128418443@gcp-sa-monitoring-notification.iam',
  ),
  analytics: agent(
    'Google Analytics',
    'A webhook of the Data API. Google does not document its audience.',
    'google-analytics-audience-export@system',
  ),
  metadataServer: code('Virtual machine', 'Code that asks the metadata server of its machine.', ['format', 'licenses']),
  impersonation: code('Impersonation', 'Code that acts as a service account, with generateIdToken.', [
    'includeEmail',
    'organizationNumberIncluded',
  ]),
  serviceAccountKey: code('Service account key', 'Code with the key file of a service account.', []),
  gcloudImpersonation: code(
    'gcloud, as a service account',
    'gcloud auth print-identity-token --impersonate-service-account=… --audiences=…',
    ['includeEmail'],
  ),
  githubActions: code('GitHub Actions', 'google-github-actions/auth with token_format: id_token.', ['includeEmail']),
  agent: { ...code('Agent', 'An agent that calls a tool, such as a server of MCP.', []), audience: 'origin' },
  gcloudUser: person(
    'gcloud, as oneself',
    'gcloud auth print-identity-token: nobody chooses the audience, which all gcloud users share.',
    'gcloud',
    ['hostedDomain'],
  ),
  signInWithGoogle: person(
    'Sign in with Google',
    'The form that a browser posts after somebody signed in. The token is in the body, not in a header.',
    'client',
    ['hostedDomain', 'nonce'],
  ),
  appsScript: person(
    'Apps Script',
    'A script with ScriptApp.getIdentityToken(): the audience is the OAuth client of its project, and nobody chooses it.',
    'client',
    ['hostedDomain'],
  ),
};

function service(title: string, about: string, more: Partial<SenderChoice> = {}): SenderChoice {
  const choice = { identity: 'account', email: DEFAULT_ACCOUNT, audience: 'url', options: [] } as const;
  return { group: 'Google services', title, about, ...choice, ...more };
}

function agent(title: string, about: string, name: string, options: readonly OptionName[] = []): SenderChoice {
  const email = `${name}.gserviceaccount.com`;
  const group = 'Google services, as an account of Google';
  return { group, title, about, identity: 'agent', email, audience: 'url', options };
}

function code(title: string, about: string, options: readonly OptionName[]): SenderChoice {
  return { group: 'Your code', title, about, identity: 'account', email: DEFAULT_ACCOUNT, audience: 'given', options };
}

function person(
  title: string,
  about: string,
  audience: SenderChoice['audience'],
  options: readonly OptionName[],
): SenderChoice {
  return { group: 'People', title, about, identity: 'person', email: DEFAULT_PERSON, audience, options };
}

/** What can be done to a token, by the words of the button. */
export const TAMPERINGS = {
  expired: 'Expire it',
  claim_changed: 'Change a claim after signing',
  key_unpublished: 'Sign with an unpublished key',
  cut: 'Cut it',
} as const;

export type Tampering = keyof typeof TAMPERINGS;

/** What is in the body of a Pub/Sub push. */
export const PAYLOADS = {
  wrapped: 'Wrapped in JSON',
  unwrapped: 'Unwrapped',
  unwrapped_with_metadata: 'Unwrapped, with metadata in headers',
} as const;

export type Payload = keyof typeof PAYLOADS;
