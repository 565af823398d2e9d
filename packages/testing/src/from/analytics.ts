import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/**
 * Options of `google.from.analytics`: of a webhook of the Google Analytics Data API. Google does not document the audience:
 * here it is the URL, unless you give another.
 */
export interface AnalyticsOptions extends ServiceOptions {
  /** What the customer chose when the list was made; it comes in `X-Goog-Channel-Token`. @default none */
  readonly channelToken?: string;
  /** The account that calls, Google's own. @default 'google-analytics-audience-export@system.gserviceaccount.com' */
  readonly serviceAccount?: string;
  /** The resource that the request tells of. @default an audience list that is ready */
  readonly resource?: object;
}

const AUDIENCE_LIST = { name: 'properties/1234567/audienceLists/7654321', state: 'ACTIVE' };

/** @see https://developers.google.com/analytics/devguides/reporting/data/v1/audience-list-basics */
export async function analytics(google: TokenSource, options: AnalyticsOptions): Promise<SenderRequest> {
  const { resource = AUDIENCE_LIST, serviceAccount = 'google-analytics-audience-export@system.gserviceaccount.com' } =
    options;
  const headers = { 'content-type': 'application/json', 'x-goog-channel-token': options.channelToken };
  // Microseconds since the epoch: the same in a request that somebody plays again.
  const body = JSON.stringify({ ...resource, sentTimestamp: String(Math.floor(google.now() * 1000)) });
  const signed = await signAsService(google, { ...options, serviceAccount });
  return bearerRequest(signed, { method: 'POST', headers, body }, options);
}
