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
  | 'payload';

/** What the page asks for, for a sender. */
export interface SenderChoice {
  readonly group: 'Google services' | 'Your code' | 'People';
  readonly title: string;
  readonly about: string;
  /** Whose e-mail it takes. */
  readonly identity: IdentityKind;
  /** `url`: the URL, unless another one is given; `given`: always given; `client`: a client id; `gcloud`: nobody can give it. */
  readonly audience: 'url' | 'given' | 'client' | 'gcloud';
  readonly options: readonly OptionName[];
}

export type IdentityKind = 'account' | 'chat' | 'person';

export const DEFAULT_EMAILS: Readonly<Record<IdentityKind, string>> = {
  account: 'sender@my-project.iam.gserviceaccount.com',
  chat: 'chat@system.gserviceaccount.com',
  person: 'ada@example.com',
};

export const DEFAULT_URL = 'http://127.0.0.1:3000/push';
export const DEFAULT_AUDIENCE = 'https://api.example.com';
export const DEFAULT_CLIENT_ID = '1234567890-web.apps.googleusercontent.com';

export const SENDERS: Readonly<Record<SenderName, SenderChoice>> = {
  pubSub: service('Pub/Sub', 'A push subscription with authentication.', ['payload']),
  cloudTasks: service('Cloud Tasks', 'A task with an OIDC token.'),
  cloudScheduler: service('Cloud Scheduler', 'A job with an OIDC token.'),
  workflows: service('Workflows', 'An HTTP step with OIDC.'),
  eventarc: service('Eventarc', 'An event that is delivered to an HTTP endpoint.'),
  chat: {
    ...service('Google Chat', 'An event for a Chat app whose authentication audience is “HTTP endpoint URL”.'),
    identity: 'chat',
  },
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
  gcloudUser: {
    group: 'People',
    title: 'gcloud, as oneself',
    about: 'gcloud auth print-identity-token: nobody chooses the audience, which all gcloud users share.',
    identity: 'person',
    audience: 'gcloud',
    options: ['hostedDomain'],
  },
  signInWithGoogle: {
    group: 'People',
    title: 'Sign in with Google',
    about: 'The form that a browser posts after somebody signed in. The token is in the body, not in a header.',
    identity: 'person',
    audience: 'client',
    options: ['hostedDomain', 'nonce'],
  },
};

function service(title: string, about: string, options: readonly OptionName[] = []): SenderChoice {
  return { group: 'Google services', title, about, identity: 'account', audience: 'url', options };
}

function code(title: string, about: string, options: readonly OptionName[]): SenderChoice {
  return { group: 'Your code', title, about, identity: 'account', audience: 'given', options };
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
