import type { RequestHeaders } from '@id-token-guard/core';
import { header, requiredHeader } from './headers.ts';
import { COUNT, NAME, SECONDS, TEXT } from './values.ts';

/** What Cloud Tasks says about the task that a request carries out. */
export interface CloudTask {
  /** The last part of the queue's name. */
  readonly queueName: string;
  /** The last part of the task's name: chosen by whoever made the task, or generated. */
  readonly taskName: string;
  /** How often the task was tried before; 0 the first time. */
  readonly retryCount: number;
  /** How often the handler has answered before. Answers with 5xx are not counted, nor attempts without an answer. */
  readonly executionCount: number;
  /** When the task was to run. */
  readonly eta: Date;
  /** The status of the attempt before; 504 where the handler did not answer in time. */
  readonly previousResponse?: number | undefined;
  /** Why the task is tried again. Cloud Tasks mostly leaves it empty. */
  readonly retryReason?: string | undefined;
}

/**
 * Reads the headers that Cloud Tasks adds to a request. Call it behind the guard: anybody can send such headers. The
 * body is the task's own, in whatever form it was given.
 *
 * **Answer** with any 2xx status when the task is done. After any other, and after no answer in time, Cloud Tasks
 * tries again as the queue is configured; 429 and 503 slow the whole queue down, and `Retry-After` is minded. After
 * the last attempt the task is deleted: there is no dead-letter queue. A task may come more than once.
 *
 * It does not check that queue and task are yours.
 *
 * @param headers Web `Headers`, or Node's `req.headersDistinct`, in which a header that comes twice is seen
 * @throws SenderError `field_missing` or `field_invalid`, with the name of the header
 * @see https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler
 */
export function readCloudTask(headers: RequestHeaders): CloudTask {
  return {
    queueName: requiredHeader(headers, 'x-cloudtasks-queuename', NAME),
    taskName: requiredHeader(headers, 'x-cloudtasks-taskname', NAME),
    retryCount: requiredHeader(headers, 'x-cloudtasks-taskretrycount', COUNT),
    executionCount: requiredHeader(headers, 'x-cloudtasks-taskexecutioncount', COUNT),
    eta: requiredHeader(headers, 'x-cloudtasks-tasketa', SECONDS, emulatorOfFirebase),
    // Cloud Tasks has been seen to write 0 where there was no answer, and 0 is the status of nothing.
    previousResponse: header(headers, 'x-cloudtasks-taskpreviousresponse', COUNT) || undefined,
    retryReason: header(headers, 'x-cloudtasks-taskretryreason', TEXT),
  };
}

/** Milliseconds since 1970, or a date where the task has one. */
const ETA_OF_FIREBASE = /^(\d{13}|\d{4}-\d\d-\d\dT[\d:.]+Z)$/;

function emulatorOfFirebase(eta: string): string | undefined {
  return ETA_OF_FIREBASE.test(eta)
    ? "Firebase's Cloud Tasks emulator sends it so: let its tasks go through the forwarder of @id-token-guard/emulator, which sends them on as Cloud Tasks does."
    : undefined;
}
