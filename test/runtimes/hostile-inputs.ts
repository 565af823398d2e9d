import { GOOGLE_JWKS_URL } from '@id-token-guard/core';
import {
  type AcceptedInput,
  acceptedInputs,
  authorizationOf,
  codeInHeader,
  createKit,
  type HostileInput,
  hostileFamilies,
  type Kit,
} from '../core/hostile/catalogue.ts';
import { forgeRemembered, rememberedInputs } from '../core/hostile/families/remembered.ts';
import { CALLER_EMAIL } from '../core/hostile/kit.ts';
import type { ForgedInput, Hostile, HostileFamily } from './conformance/outside.ts';

/** Forges the whole catalogue here, since that takes more than Web APIs. */
export async function forgeHostileInputs(): Promise<Hostile> {
  const kit = await createKit();
  const jwks = await kit.google.fetch(GOOGLE_JWKS_URL);
  return {
    audience: kit.options.audience,
    caller: CALLER_EMAIL,
    now: kit.now,
    jwks: await jwks.text(),
    good: kit.token(),
    families: await Promise.all(
      Object.entries(hostileFamilies).map(([name, inputs]) => forgeFamily(name, inputs, kit)),
    ),
    remembered: rememberedInputs.map((input) => forgeRemembered(input, kit)),
    accepted: await Promise.all(acceptedInputs.map((input) => forge(input, kit))),
  };
}

async function forgeFamily(name: string, inputs: readonly HostileInput[], kit: Kit): Promise<HostileFamily> {
  const forged = inputs.map(async (input) => {
    const { authorization, ...rest } = await forge(input, kit);
    return { ...rest, authorization, code: codeInHeader(input, authorization) };
  });
  return { name, inputs: await Promise.all(forged) };
}

async function forge(input: HostileInput | AcceptedInput, kit: Kit): Promise<ForgedInput> {
  return { name: input.name, authorization: await authorizationOf(input, kit) };
}
