import type { Emulator } from '../emulator.ts';
import { readJsonObject } from '../json-body.ts';
import { demandAccessToken } from './access-token.ts';
import { apiError } from './google-errors.ts';

/** Types as in proto3's JSON mapping. A boolean may be the string that says so: Google's own examples send it. */
const TYPES = {
  TYPE_STRING: (value: unknown) => typeof value === 'string',
  'repeated TYPE_STRING': (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  TYPE_BOOL: (value: unknown) => typeof value === 'boolean' || value === 'true' || value === 'false',
} as const;

/** The fields of a request. `useEmailAzp` is not documented, but Google's own libraries send it. */
const FIELDS = new Map<string, keyof typeof TYPES>([
  ['delegates', 'repeated TYPE_STRING'],
  ['audience', 'TYPE_STRING'],
  ['includeEmail', 'TYPE_BOOL'],
  ['organizationNumberIncluded', 'TYPE_BOOL'],
  ['useEmailAzp', 'TYPE_BOOL'],
]);

/**
 * `POST /v1/projects/-/serviceAccounts/{account}:generateIdToken`: the token of an account that the caller impersonates.
 *
 * Every caller with an access token of this Google may impersonate every account, and `delegates` need only exist.
 *
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken
 */
export async function generateIdToken(
  emulator: Emulator,
  request: Request,
  project: string,
  account: string,
): Promise<Response> {
  const unauthenticated = demandAccessToken(emulator, request);
  if (unauthenticated !== undefined) {
    return unauthenticated;
  }
  if (project !== '-') {
    return invalid('name', 'The project must be "-": projects/-/serviceAccounts/{ACCOUNT_EMAIL_OR_UNIQUEID}.');
  }
  const body = await readJsonObject(request);
  if (body === undefined) {
    return apiError('INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected token.');
  }
  const invalidField = checkFields(body);
  if (invalidField !== undefined) {
    return invalidField;
  }
  const { audience, delegates } = body;
  if (typeof audience !== 'string' || audience === '') {
    return invalid('audience', 'The audience is required.');
  }
  const email = await emulator.accounts.find(account);
  if (email === undefined) {
    return notFound(account);
  }
  const invalidDelegate = await checkDelegates(emulator, Array.isArray(delegates) ? delegates : []);
  if (invalidDelegate !== undefined) {
    return invalidDelegate;
  }
  const { token } = await emulator.google.from.impersonation({
    serviceAccount: email,
    audience,
    includeEmail: isTrue(body['includeEmail']),
    organizationNumberIncluded: isTrue(body['organizationNumberIncluded']),
    claims: isTrue(body['useEmailAzp']) ? { azp: email } : {},
  });
  return Response.json({ token });
}

/** A field that is null is one that is not there. */
function checkFields(body: Readonly<Record<string, unknown>>): Response | undefined {
  for (const [field, value] of Object.entries(body)) {
    const type = FIELDS.get(field);
    if (type === undefined) {
      const description = `Invalid JSON payload received. Unknown name ${JSON.stringify(field)}: Cannot find field.`;
      return apiError('INVALID_ARGUMENT', description, { field: '', description });
    }
    if (value !== null && !TYPES[type](value)) {
      const description = `Invalid value at '${snakeCase(field)}' (${type.replace('repeated ', '')}), ${JSON.stringify(value)}`;
      return apiError('INVALID_ARGUMENT', description, { field: snakeCase(field), description });
    }
  }
  return undefined;
}

async function checkDelegates({ accounts }: Emulator, delegates: readonly string[]): Promise<Response | undefined> {
  for (const delegate of delegates) {
    const [, account] = /^projects\/-\/serviceAccounts\/([^/]+)$/.exec(delegate) ?? [];
    if (account === undefined) {
      return invalid(
        'delegates',
        'A delegate must have the form projects/-/serviceAccounts/{ACCOUNT_EMAIL_OR_UNIQUEID}.',
      );
    }
    if ((await accounts.find(account)) === undefined) {
      return notFound(account);
    }
  }
  return undefined;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function invalid(field: string, description: string): Response {
  return apiError('INVALID_ARGUMENT', 'Request contains an invalid argument.', { field, description });
}

function notFound(account: string): Response {
  return apiError('NOT_FOUND', `Not found; Gaia id not found for email ${account}`);
}
