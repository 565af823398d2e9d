import { type CloudTasksOptions, cloudTasks } from './cloud-tasks.ts';
import type { SenderRequest, TokenSource } from './sender-request.ts';

/**
 * Options of `google.from.firebaseTasks`: of a task that `getFunctions().taskQueue(…).enqueue(data, { uri })` of
 * `firebase-admin` has made. Its audience is the URL, all of it, and cannot be chosen.
 */
export interface FirebaseTasksOptions extends Omit<CloudTasksOptions, 'audience' | 'body' | 'method' | 'queueTarget'> {
  /** What `enqueue` was given: the body is `{ "data": … }`. @default {} */
  readonly data?: unknown;
}

/** @see https://firebase.google.com/docs/functions/task-functions */
export function firebaseTasks(google: TokenSource, options: FirebaseTasksOptions): Promise<SenderRequest> {
  const { data = {}, headers, ...rest } = options;
  return cloudTasks(google, {
    ...rest,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ data }),
  });
}
