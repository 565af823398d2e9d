import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/** Options of `google.from.cloudTasks`. */
export interface CloudTasksOptions extends ServiceOptions {
  /**
   * The queue has an HTTP target with an OIDC token, which takes the place of the task's own. Its audience must be given, and
   * the URL that is called may be another than that of the task. @default false
   */
  readonly queueTarget?: boolean;
  /** @default 'POST' */
  readonly method?: string;
  /** Cloud Tasks sets no `Content-Type` for it: give the one of your tasks in `headers`. @default none */
  readonly body?: string;
  /** @default 'my-queue' */
  readonly queue?: string;
  /** @default 'my-task' */
  readonly task?: string;
  /** How often the task was tried before. @default 0 */
  readonly retryCount?: number;
  /** How often a handler has answered before. @default 0 */
  readonly executionCount?: number;
  /** What the handler answered last time; only on retries. @default not told */
  readonly previousResponse?: number;
  /** Only on retries. @default not told */
  readonly retryReason?: string;
}

/** @see https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler */
export async function cloudTasks(google: TokenSource, options: CloudTasksOptions): Promise<SenderRequest> {
  if (options.queueTarget && options.audience === undefined) {
    throw new TypeError('"audience" must be given with queueTarget: the HTTP target of a queue has no default.');
  }
  const { method = 'POST', body, queue = 'my-queue', task = 'my-task', retryCount = 0, executionCount = 0 } = options;
  const headers = {
    'user-agent': 'Google-Cloud-Tasks',
    'x-cloudtasks-queuename': queue,
    'x-cloudtasks-taskname': task,
    'x-cloudtasks-taskretrycount': String(retryCount),
    'x-cloudtasks-taskexecutioncount': String(executionCount),
    // Seconds since the epoch, with a fraction.
    'x-cloudtasks-tasketa': (google.now() / 1000).toFixed(6),
    'x-cloudtasks-taskpreviousresponse': options.previousResponse?.toString(),
    'x-cloudtasks-taskretryreason': options.retryReason,
  };
  return bearerRequest(await signAsService(google, options), { method, headers, body }, options);
}
