import type { RequestHeaders } from '@id-token-guard/core';
import { header, requiredHeader } from './headers.ts';
import { NAME, TIME } from './values.ts';

/** What Cloud Scheduler says about the run of a job that a request starts. */
export interface CloudSchedulerRun {
  /** The name of the job. */
  readonly jobName: string;
  /** When the job was to run; sent for schedules in unix-cron format. */
  readonly scheduleTime?: Date | undefined;
}

/**
 * Reads the headers that Cloud Scheduler adds to a request. Call it behind the guard: anybody can send such headers.
 * The body is the job's own.
 *
 * **Answer** with any 2xx status when the run is done, or safely started. After any other, and after no answer in
 * time, Cloud Scheduler tries again only if the job has a retry count; it is 0 by default, and then the run is lost
 * until the next one is due. A run may come more than once: `jobName` and `scheduleTime` together tell it.
 *
 * It does not check that the job is yours. A job that publishes to Pub/Sub has none of these headers: its message comes
 * as any other push.
 *
 * @param headers Web `Headers`, or Node's `req.headersDistinct`, in which a header that comes twice is seen
 * @throws SenderError `field_missing` or `field_invalid`, with the name of the header
 * @see https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#HttpTarget
 */
export function readCloudScheduler(headers: RequestHeaders): CloudSchedulerRun {
  return {
    jobName: requiredHeader(headers, 'x-cloudscheduler-jobname', NAME),
    scheduleTime: header(headers, 'x-cloudscheduler-scheduletime', TIME),
  };
}
