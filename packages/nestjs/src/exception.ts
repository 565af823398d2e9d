import { type GoogleIdTokenError, toRefusal } from '@id-token-guard/core';
import { HttpException } from '@nestjs/common';

/**
 * What the guard throws for a refused request: an `HttpException` with the status and the JSON of the refusal table, for
 * the exception filters of the application. The headers, which an exception of Nest cannot carry, are on the response
 * already. Nothing of the token and no hint is in what a filter sends.
 */
export class GoogleIdTokenException extends HttpException {
  /** Why the request was refused. Its `hint` is for the operator's log, never for the client. */
  readonly error: GoogleIdTokenError;

  constructor(error: GoogleIdTokenError) {
    const { status, body } = toRefusal(error);
    super(JSON.parse(body), status);
    this.error = error;
    this.message = error.message;
  }
}
