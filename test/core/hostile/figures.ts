/*
 * What is thrown at the guard, counted: for whoever makes a table of it.
 */
import { acceptedInputs, hostileFamilies } from './catalogue.ts';
import { jwksAnswers } from './families/jwks-answers.ts';
import { rememberedInputs } from './families/remembered.ts';
import type { Described } from './hostile-input.ts';

export interface HostileFigures {
  /** How many inputs each family has. */
  readonly families: Readonly<Record<string, number>>;
  /** All of them together. */
  readonly inputs: number;
  /** Odd, legal and good: each must be let in. */
  readonly accepted: number;
  /** RFC sections, CVEs, advisories and the like that the inputs come from. */
  readonly sources: number;
}

/** Every family of hostile inputs: the tokens and headers, and what else can be hostile. */
export const allFamilies: Readonly<Record<string, readonly Described[]>> = {
  ...hostileFamilies,
  'remembered tokens': rememberedInputs,
  'JWKS answers': jwksAnswers,
};

export function hostileFigures(): HostileFigures {
  const all = Object.values(allFamilies).flat();
  return {
    families: Object.fromEntries(Object.entries(allFamilies).map(([name, { length }]) => [name, length])),
    inputs: all.length,
    accepted: acceptedInputs.length,
    sources: new Set(all.map(({ source }) => source)).size,
  };
}
