import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/** Options of `google.from.eventarc`: attributes of the event (CloudEvents 1.0, HTTP binding, binary mode). */
export interface EventarcOptions extends ServiceOptions {
  /** @default 'google.cloud.storage.object.v1.finalized' */
  readonly type?: string;
  /** @default '//storage.googleapis.com/projects/_/buckets/my-bucket' */
  readonly source?: string;
  /** @default a random one */
  readonly id?: string;
  /** @default none */
  readonly subject?: string;
  /** @default now */
  readonly time?: string;
  /** JSON. @default '{}' */
  readonly body?: string;
  /** Of the payload. @default none: Eventarc sends one only for pipelines with an input or output payload format */
  readonly contentType?: string;
}

/** @see https://cloud.google.com/eventarc/docs/cloudevents */
export async function eventarc(google: TokenSource, options: EventarcOptions): Promise<SenderRequest> {
  const headers = {
    'ce-id': options.id ?? crypto.randomUUID(),
    'ce-source': options.source ?? '//storage.googleapis.com/projects/_/buckets/my-bucket',
    'ce-specversion': '1.0',
    'ce-subject': options.subject,
    'ce-time': options.time ?? new Date(google.now()).toISOString(),
    'ce-type': options.type ?? 'google.cloud.storage.object.v1.finalized',
    'content-type': options.contentType,
  };
  const parts = { method: 'POST', headers, body: options.body ?? '{}' };
  return bearerRequest(await signAsService(google, options), parts, options);
}
