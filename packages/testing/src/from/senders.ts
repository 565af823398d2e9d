import { type ChatOptions, chat } from './chat.ts';
import { type CloudSchedulerOptions, cloudScheduler } from './cloud-scheduler.ts';
import { type CloudTasksOptions, cloudTasks } from './cloud-tasks.ts';
import { type EventarcOptions, eventarc } from './eventarc.ts';
import {
  type GcloudImpersonationOptions,
  gcloudImpersonation,
  type ImpersonationOptions,
  impersonation,
} from './impersonation.ts';
import { type MetadataServerOptions, metadataServer } from './metadata-server.ts';
import { gcloudUser, type PersonOptions, type SignInWithGoogleOptions, signInWithGoogle } from './people.ts';
import { type PubSubOptions, pubSub } from './pub-sub.ts';
import type { CodeOptions, SenderRequest, TokenSource } from './sender-request.ts';
import { serviceAccountKey } from './service-account-key.ts';
import { type WorkflowsOptions, workflows } from './workflows.ts';

/**
 * Requests as Google's senders send them: the claims that each one puts into its token, no more and no fewer, and the
 * headers that come with it.
 */
export interface Senders {
  /** Code on a virtual machine, that asks its metadata server. */
  metadataServer(options: MetadataServerOptions): Promise<SenderRequest>;
  /** Code that impersonates a service account (`generateIdToken`). */
  impersonation(options: ImpersonationOptions): Promise<SenderRequest>;
  /** Code with the key file of a service account. */
  serviceAccountKey(options: CodeOptions): Promise<SenderRequest>;
  /** A person with `gcloud auth print-identity-token`: nobody chose the audience, which all gcloud users share. */
  gcloudUser(options?: PersonOptions): Promise<SenderRequest>;
  /** A person with `gcloud auth print-identity-token --impersonate-service-account=… --audiences=…`. */
  gcloudImpersonation(options: GcloudImpersonationOptions): Promise<SenderRequest>;
  /** A Pub/Sub push subscription with authentication. */
  pubSub(options: PubSubOptions): Promise<SenderRequest>;
  /** A task of Cloud Tasks with an OIDC token. */
  cloudTasks(options: CloudTasksOptions): Promise<SenderRequest>;
  /** A job of Cloud Scheduler with an OIDC token. */
  cloudScheduler(options: CloudSchedulerOptions): Promise<SenderRequest>;
  /** An HTTP step of Workflows with OIDC. */
  workflows(options: WorkflowsOptions): Promise<SenderRequest>;
  /** An event that Eventarc delivers to an HTTP endpoint. */
  eventarc(options: EventarcOptions): Promise<SenderRequest>;
  /**
   * The form that a person's browser posts after signing in with Google. The token is in the body, not in a header: a
   * guard does not see it; hand `credential` to `verifier.verify()`, after comparing `g_csrf_token` with its cookie.
   */
  signInWithGoogle(options?: SignInWithGoogleOptions): Promise<SenderRequest>;
  /** An event of Google Chat for an app whose authentication audience is "HTTP endpoint URL". */
  chat(options: ChatOptions): Promise<SenderRequest>;
}

export function createSenders(google: TokenSource): Senders {
  return {
    metadataServer: (options) => metadataServer(google, options),
    impersonation: (options) => impersonation(google, options),
    serviceAccountKey: (options) => serviceAccountKey(google, options),
    gcloudUser: (options = {}) => gcloudUser(google, options),
    gcloudImpersonation: (options) => gcloudImpersonation(google, options),
    pubSub: (options) => pubSub(google, options),
    cloudTasks: (options) => cloudTasks(google, options),
    cloudScheduler: (options) => cloudScheduler(google, options),
    workflows: (options) => workflows(google, options),
    eventarc: (options) => eventarc(google, options),
    signInWithGoogle: (options = {}) => signInWithGoogle(google, options),
    chat: (options) => chat(google, options),
  };
}
