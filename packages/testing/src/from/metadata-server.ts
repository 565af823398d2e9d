import type { ComputeEngineClaims } from '@id-token-guard/core';
import { DEFAULT_SERVICE_ACCOUNT, projectOf, uniqueIdOf } from './account.ts';
import { bearerRequest, type CodeOptions, type SenderRequest, signClaims, type TokenSource } from './sender-request.ts';

/** Options of `google.from.metadataServer`. */
export interface MetadataServerOptions extends CodeOptions {
  /**
   * `standard`: the token tells neither e-mail nor instance. `full`: it tells both.
   *
   * Client libraries differ: Node.js, Python, Ruby and Go ask for `full`; Java, PHP and gcloud for `standard`.
   * @default 'standard'
   */
  readonly format?: 'standard' | 'full';
  /** The licenses of the instance; `true`: one of them. Without `full` they are left out, as Google does. */
  readonly licenses?: boolean | readonly string[];
  /** What is different about the instance. */
  readonly instance?: Partial<ComputeEngineClaims>;
}

const DEFAULT_LICENSE = '5926592092274602096';

/** The virtual machine that asks, but for what its account and the options tell. */
export const DEFAULT_INSTANCE = {
  instance_creation_timestamp: 1_700_000_000,
  // A string: it exceeds what a JSON number can hold exactly.
  instance_id: '5055893581146000589',
  instance_name: 'fake-instance',
  project_number: 107_128_418_443,
  zone: 'us-central1-a',
} as const;

/** @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity */
export async function metadataServer(google: TokenSource, options: MetadataServerOptions): Promise<SenderRequest> {
  const email = options.serviceAccount ?? DEFAULT_SERVICE_ACCOUNT;
  const full = options.format === 'full' ? fullClaims(email, options) : {};
  const signed = await signClaims(google, { aud: options.audience, sub: await uniqueIdOf(email), ...full }, options);
  return bearerRequest(signed, {}, options);
}

function fullClaims(email: string, { licenses = false, instance = {} }: MetadataServerOptions): object {
  const licenseIds = licenses === true ? [DEFAULT_LICENSE] : licenses;
  const { project_number, zone, ...named } = DEFAULT_INSTANCE;
  const compute_engine: ComputeEngineClaims = {
    ...named,
    ...(licenseIds === false ? {} : { license_id: licenseIds }),
    project_id: projectOf(email),
    project_number,
    zone,
    ...instance,
  };
  return { email, email_verified: true, google: { compute_engine } };
}
