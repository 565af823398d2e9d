export { type CloudSchedulerRun, readCloudScheduler } from './cloud-scheduler.ts';
export { type CloudTask, readCloudTask } from './cloud-tasks.ts';
export { isSenderError, SenderError, type SenderErrorCode } from './errors.ts';
export type { PubSubPushOptions, ReaderOptions } from './options.ts';
export { PUBSUB_ACK_STATUSES, type PubSubPush, parsePubSubPush, readPubSubPush } from './pubsub.ts';
export type { PubSubData } from './pubsub-data.ts';
export type { PubSubMessage } from './pubsub-message.ts';
export {
  parseWorkspaceAddOnEvent,
  readWorkspaceAddOnEvent,
  type WorkspaceAddOnEvent,
  type WorkspaceAddOnEventOptions,
} from './workspace-add-on.ts';
