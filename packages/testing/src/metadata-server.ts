import type { FakeGoogle } from './fake-google.ts';
import { projectOf, uniqueIdOf } from './service-accounts.ts';

const FLAVOR = { 'metadata-flavor': 'Google' };

/**
 * `GET /computeMetadata/v1/instance/service-accounts/default/identity?audience=…[&format=full]`: the token of a VM.
 *
 * @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity
 */
export async function instanceIdentity(google: FakeGoogle, email: string, request: Request): Promise<Response> {
  if (request.headers.get('metadata-flavor') !== 'Google') {
    return new Response('Missing Metadata-Flavor:Google header.', { status: 403, headers: FLAVOR });
  }
  const { searchParams } = new URL(request.url);
  const audience = searchParams.get('audience');
  if (!audience) {
    return new Response('non-empty audience parameter required', { status: 400, headers: FLAVOR });
  }
  const claims = searchParams.get('format') === 'full' ? fullClaims(email) : {};
  const token = await google.idToken({ aud: audience, sub: uniqueIdOf(email), ...claims });
  return new Response(token, { headers: { ...FLAVOR, 'content-type': 'text/html' } });
}

/** What only `format=full` tells: the e-mail of the account, and the instance. */
function fullClaims(email: string): object {
  return {
    email,
    email_verified: true,
    google: {
      compute_engine: {
        instance_creation_timestamp: 1_700_000_000,
        instance_id: '5055893581146000589',
        instance_name: 'fake-instance',
        project_id: projectOf(email),
        project_number: 107_128_418_443,
        zone: 'us-central1-a',
      },
    },
  };
}
