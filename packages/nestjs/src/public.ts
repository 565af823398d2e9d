import type { ExecutionContext } from '@nestjs/common';
import { SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

const KEY = 'id-token-guard:public';

const reflector = new Reflector();

/**
 * Lets every request through to a route, or to all routes of a controller, as for a health check: the guard does not look
 * at them. A decorator of the same name from elsewhere does not.
 */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata(KEY, true);
}

export function isPublic(context: ExecutionContext): boolean {
  return reflector.getAllAndOverride<unknown>(KEY, [context.getHandler(), context.getClass()]) === true;
}
