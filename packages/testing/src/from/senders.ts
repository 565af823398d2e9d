import { type AgentOptions, agent } from './agent.ts';
import { type AnalyticsOptions, analytics } from './analytics.ts';
import { type ApiGatewayOptions, apiGateway } from './api-gateway.ts';
import { type ApigeeOptions, apigee } from './apigee.ts';
import { type ChatOptions, chat } from './chat.ts';
import { type CloudSchedulerOptions, cloudScheduler } from './cloud-scheduler.ts';
import { type CloudTasksOptions, cloudTasks } from './cloud-tasks.ts';
import { type DialogflowOptions, dialogflow } from './dialogflow.ts';
import { type EventarcOptions, eventarc } from './eventarc.ts';
import { type FirebaseTasksOptions, firebaseTasks } from './firebase-tasks.ts';
import { type GitHubActionsOptions, githubActions } from './github-actions.ts';
import {
  type GcloudImpersonationOptions,
  gcloudImpersonation,
  type ImpersonationOptions,
  impersonation,
} from './impersonation.ts';
import { type MetadataServerOptions, metadataServer } from './metadata-server.ts';
import {
  type AppsScriptOptions,
  appsScript,
  gcloudUser,
  type PersonOptions,
  type SignInWithGoogleOptions,
  signInWithGoogle,
} from './people.ts';
import { type PubSubOptions, pubSub } from './pub-sub.ts';
import type { CodeOptions, SenderRequest, TokenSource } from './sender-request.ts';
import { serviceAccountKey } from './service-account-key.ts';
import { type UptimeCheckOptions, uptimeCheck } from './uptime-check.ts';
import { type VertexExtensionOptions, vertexExtension } from './vertex-extension.ts';
import { type WorkflowsOptions, workflows } from './workflows.ts';
import { type WorkspaceAddOnOptions, workspaceAddOn } from './workspace-add-on.ts';

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
  /** An event of Google Chat, for an app that is a Workspace add-on; with `standalone`, for one of the older kind. */
  chat(options: ChatOptions): Promise<SenderRequest>;
  /** An event of any other Google Workspace add-on with an HTTP endpoint: of Gmail, Calendar, Drive and the editors. */
  workspaceAddOn(options: WorkspaceAddOnOptions): Promise<SenderRequest>;
  /** An Apps Script that sends the identity token of the person who runs it. */
  appsScript(options?: AppsScriptOptions): Promise<SenderRequest>;
  /** A webhook or tool of Dialogflow CX. */
  dialogflow(options: DialogflowOptions): Promise<SenderRequest>;
  /** API Gateway, or ESPv2 of Cloud Endpoints, that passes a request of somebody else on to a backend. */
  apiGateway(options: ApiGatewayOptions): Promise<SenderRequest>;
  /** A job of GitHub Actions that impersonates a service account. */
  githubActions(options: GitHubActionsOptions): Promise<SenderRequest>;
  /** A task of a Firebase task queue. */
  firebaseTasks(options: FirebaseTasksOptions): Promise<SenderRequest>;
  /** An agent that calls a tool, in the name of a service account. */
  agent(options: AgentOptions): Promise<SenderRequest>;
  /** A webhook of the Google Analytics Data API. */
  analytics(options: AnalyticsOptions): Promise<SenderRequest>;
  /** An uptime check of Cloud Monitoring. */
  uptimeCheck(options: UptimeCheckOptions): Promise<SenderRequest>;
  /** An Apigee proxy with `<GoogleIDToken>`. */
  apigee(options: ApigeeOptions): Promise<SenderRequest>;
  /** An extension of Vertex AI. */
  vertexExtension(options: VertexExtensionOptions): Promise<SenderRequest>;
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
    workspaceAddOn: (options) => workspaceAddOn(google, options),
    appsScript: (options = {}) => appsScript(google, options),
    dialogflow: (options) => dialogflow(google, options),
    apiGateway: (options) => apiGateway(google, options),
    githubActions: (options) => githubActions(google, options),
    firebaseTasks: (options) => firebaseTasks(google, options),
    agent: (options) => agent(google, options),
    analytics: (options) => analytics(google, options),
    uptimeCheck: (options) => uptimeCheck(google, options),
    apigee: (options) => apigee(google, options),
    vertexExtension: (options) => vertexExtension(google, options),
  };
}
