import { bearerRequest, type SenderRequest, type TokenSource } from './sender-request.ts';
import { type ServiceAgentOptions, signAsAgent } from './service-agent.ts';

/**
 * Options of `google.from.uptimeCheck`: of an uptime check of Cloud Monitoring with `serviceAgentAuthentication`. Google
 * does not document the audience: here it is the URL, unless you give another.
 */
export interface UptimeCheckOptions extends ServiceAgentOptions {
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST';
  /** Of a POST. @default none */
  readonly body?: string;
}

/** @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs */
export async function uptimeCheck(google: TokenSource, options: UptimeCheckOptions): Promise<SenderRequest> {
  const { method = 'GET', body } = options;
  const headers = { 'user-agent': 'GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)' };
  const signed = await signAsAgent(google, 'gcp-sa-monitoring-notification', options);
  return bearerRequest(signed, { method, headers, body }, options);
}
