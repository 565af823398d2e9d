/** @see RFC 6749 §5.2 */
export function oauthError(error: string, description: string, status: 400 | 401 = 400): Response {
  return Response.json({ error, error_description: description }, { status });
}

/** A faulty field of a request to one of Google's APIs. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

const STATUS = { INVALID_ARGUMENT: 400, UNAUTHENTICATED: 401, NOT_FOUND: 404 } as const;

/** How Google's REST APIs tell errors. @see https://cloud.google.com/apis/design/errors */
export function apiError(status: keyof typeof STATUS, message: string, violation?: FieldViolation): Response {
  const code = STATUS[status];
  const details = violation && [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [violation] }];
  return Response.json({ error: { code, message, status, ...(details && { details }) } }, { status: code });
}
