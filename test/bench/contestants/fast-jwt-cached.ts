import { createVerifier } from 'fast-jwt';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';
import { optionsOf } from './fast-jwt.ts';

export function enter(trust: Trust): Verify {
  return createVerifier({ ...optionsOf(trust), cache: true });
}
