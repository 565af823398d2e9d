import { toRefusal } from '@id-token-guard/core';
import { type ArgumentsHost, Catch } from '@nestjs/common';
import { GoogleIdTokenException } from './exception.ts';
import { type AnyResponse, send } from './response.ts';

/**
 * Answers refused requests with the very bytes of the refusal table. `GoogleIdTokenModule` brings it along. Nest's own
 * filter sends the same JSON, with a charset in the content type and an `ETag`.
 */
export class GoogleIdTokenFilter {
  catch({ error }: GoogleIdTokenException, host: ArgumentsHost): void {
    send(host.switchToHttp().getResponse<AnyResponse>(), toRefusal(error));
  }
}

// Decorators are called here, since they are syntax that has to be compiled.
Catch(GoogleIdTokenException)(GoogleIdTokenFilter);
