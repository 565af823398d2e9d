export { createFakeGoogle, type FakeGoogle, type FakeGoogleOptions, type RotateKeysOptions } from './fake-google.ts';
export type { AgentOptions } from './from/agent.ts';
export type { AnalyticsOptions } from './from/analytics.ts';
export type { ApiGatewayOptions } from './from/api-gateway.ts';
export type { ApigeeOptions } from './from/apigee.ts';
export type { ChatOptions } from './from/chat.ts';
export type { CloudSchedulerOptions } from './from/cloud-scheduler.ts';
export type { CloudTasksOptions } from './from/cloud-tasks.ts';
export type { DialogflowOptions } from './from/dialogflow.ts';
export type { EventarcOptions } from './from/eventarc.ts';
export type { FirebaseTasksOptions } from './from/firebase-tasks.ts';
export type { GitHubActionsOptions } from './from/github-actions.ts';
export type { GcloudImpersonationOptions, ImpersonationOptions } from './from/impersonation.ts';
export type { MetadataServerOptions } from './from/metadata-server.ts';
export type { MistakenRequest, Mistakes } from './from/mistakes.ts';
export type { AppsScriptOptions, PersonOptions, SignInWithGoogleOptions } from './from/people.ts';
export type { PubSubMessage, PubSubOptions } from './from/pub-sub.ts';
export type {
  CodeOptions,
  SenderOptions,
  SenderRequest,
  ServiceAccountOptions,
  ServiceOptions,
} from './from/sender-request.ts';
export type { Senders } from './from/senders.ts';
export type { ServiceAgentOptions } from './from/service-agent.ts';
export type { UptimeCheckOptions } from './from/uptime-check.ts';
export type { VertexExtensionOptions } from './from/vertex-extension.ts';
export type { WorkflowsOptions } from './from/workflows.ts';
export type { WorkspaceAddOnOptions } from './from/workspace-add-on.ts';
export type { GuardAnswer } from './guard-answer.ts';
export type { IdTokenClaims, IdTokenHeader } from './id-token.ts';
export type { JwksAnswer } from './jwks-answer.ts';
export { type RefusedRequest, type RefusedRequestsOptions, refusedRequests } from './refused-requests.ts';
export { sendHandshake } from './send-handshake.ts';
export type { PublicJwk } from './signing-key.ts';
export {
  type DefineSuite,
  type DefineTest,
  type SendRequest,
  type TestGuardOptions,
  testGuard,
} from './test-guard.ts';
