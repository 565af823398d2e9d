/*
 * The functions of a project that has a task queue: the emulator makes the queue "mail" of it. Its own function is not called
 * here, since each task names another URL.
 */
import { onTaskDispatched } from 'firebase-functions/v2/tasks';

export const mail = onTaskDispatched({ retryConfig: { maxAttempts: 5, minBackoffSeconds: 1 } }, async () => {
  throw new Error('The task was to go to another URL.');
});
