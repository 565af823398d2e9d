import { acceptsAccessToken } from './access-token.ts';
import type { Emulator } from './emulator.ts';
import { apiError } from './google-errors.ts';
import { readJsonObject } from './json-body.ts';
import type { Params } from './router.ts';

const EXPECTED =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';

/** The fields of a request. `useEmailAzp` is not documented, but Google's own libraries send it. */
const FIELDS = ['delegates', 'audience', 'includeEmail', 'organizationNumberIncluded', 'useEmailAzp'];

/**
 * `POST /v1/projects/-/serviceAccounts/{account}:generateIdToken`: the token of an account that the caller impersonates.
 *
 * Every caller with an access token of this Google may impersonate every account, and `delegates` need only exist.
 *
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken
 */
export async function generateIdToken(emulator: Emulator, request: Request, params: Params): Promise<Response> {
  const unauthenticated = checkAuthorization(emulator, request);
  if (unauthenticated !== undefined) {
    return unauthenticated;
  }
  const { project = '', account = '' } = params;
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
  for (const delegate of Array.isArray(delegates) ? delegates : []) {
    const [, name] = /^projects\/-\/serviceAccounts\/([^/]+)$/.exec(String(delegate)) ?? [];
    if (name === undefined) {
      return invalid(
        'delegates',
        'A delegate must have the form projects/-/serviceAccounts/{ACCOUNT_EMAIL_OR_UNIQUEID}.',
      );
    }
    if ((await emulator.accounts.find(name)) === undefined) {
      return notFound(name);
    }
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

function checkAuthorization(emulator: Emulator, request: Request): Response | undefined {
  const authorization = request.headers.get('authorization');
  const [, token = ''] = /^bearer (\S+)$/i.exec(authorization ?? '') ?? [];
  if (acceptsAccessToken(emulator, token)) {
    return undefined;
  }
  const [why, challenge] =
    authorization === null
      ? ['Request is missing required authentication credential.', '']
      : ['Request had invalid authentication credentials.', ', error="invalid_token"'];
  const response = apiError('UNAUTHENTICATED', `${why} ${EXPECTED}`);
  response.headers.set('www-authenticate', `Bearer realm="https://accounts.google.com/"${challenge}`);
  return response;
}

/** Types as in proto3's JSON mapping: a boolean may be the string that says so, as in Google's own examples; null is nothing. */
function checkFields(body: Readonly<Record<string, unknown>>): Response | undefined {
  for (const [field, value] of Object.entries(body)) {
    if (!FIELDS.includes(field)) {
      const description = `Invalid JSON payload received. Unknown name ${JSON.stringify(field)}: Cannot find field.`;
      return apiError('INVALID_ARGUMENT', description, { field: '', description });
    }
    const type = field === 'audience' || field === 'delegates' ? 'TYPE_STRING' : 'TYPE_BOOL';
    if (value !== null && !hasType(field, value)) {
      const description = `Invalid value at '${snakeCase(field)}' (${type}), ${JSON.stringify(value)}`;
      return apiError('INVALID_ARGUMENT', description, { field: snakeCase(field), description });
    }
  }
  return undefined;
}

function hasType(field: string, value: unknown): boolean {
  switch (field) {
    case 'audience':
      return typeof value === 'string';
    case 'delegates':
      return Array.isArray(value) && value.every((delegate) => typeof delegate === 'string');
    default:
      return typeof value === 'boolean' || value === 'true' || value === 'false';
  }
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
