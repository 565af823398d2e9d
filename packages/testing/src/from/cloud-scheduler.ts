import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/** Options of `google.from.cloudScheduler`. */
export interface CloudSchedulerOptions extends ServiceOptions {
  /** @default 'POST' */
  readonly method?: string;
  /** Its `Content-Type` is `application/octet-stream` unless the job has another in `headers`. @default none */
  readonly body?: string;
  /** @default 'my-job' */
  readonly job?: string;
  /** When the run was due, as in RFC 3339: it identifies the run. @default the begin of this minute */
  readonly scheduleTime?: string;
}

/** @see https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#HttpTarget */
export async function cloudScheduler(google: TokenSource, options: CloudSchedulerOptions): Promise<SenderRequest> {
  const { method = 'POST', body, job = 'my-job', scheduleTime = beginOfMinute(google.now()) } = options;
  const headers = {
    'content-type': body === undefined ? undefined : 'application/octet-stream',
    'user-agent': 'Google-Cloud-Scheduler',
    'x-cloudscheduler': 'true',
    'x-cloudscheduler-jobname': job,
    'x-cloudscheduler-scheduletime': scheduleTime,
  };
  return bearerRequest(await signAsService(google, options), { method, headers, body }, options);
}

function beginOfMinute(now: number): string {
  return new Date(now).toISOString().replace(/:\d\d\.\d+Z$/, ':00Z');
}
