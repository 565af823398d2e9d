import { DEFAULT_INSTANCE, projectOf } from '@id-token-guard/testing/internal';

/** What the metadata server knows: a directory is an object, a value is text, a number, or lines of text. */
export type Metadata = string | number | readonly string[] | MetadataDirectory;
export interface MetadataDirectory {
  readonly [key: string]: Metadata;
}

/** `identity` and `token` stand here for the listing only: they are made for each request. */
export const MADE_ON_REQUEST = '';

/** What is below `/computeMetadata/v1/`, as far as Google's client libraries ask for it. */
export function metadataOf(email: string): MetadataDirectory {
  const { instance_id, instance_name, project_number, zone } = DEFAULT_INSTANCE;
  const account = {
    aliases: ['default'],
    email,
    identity: MADE_ON_REQUEST,
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    token: MADE_ON_REQUEST,
  };
  return {
    instance: {
      hostname: `${instance_name}.${zone}.c.${projectOf(email)}.internal`,
      id: instance_id,
      name: instance_name,
      'service-accounts': { default: account, [email]: account },
      zone: `projects/${project_number}/zones/${zone}`,
    },
    project: { 'numeric-project-id': project_number, 'project-id': projectOf(email) },
    universe: { 'universe-domain': 'googleapis.com' },
  };
}
