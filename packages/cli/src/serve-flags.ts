import { CONFIG_SCHEMA, type GuardConfig } from '@id-token-guard/serve';

/** What the flags say, under the names of the file's members. */
export type Flags = Partial<GuardConfig>;

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

const NUMBERS = ['port', 'management-port'];

/** Numbers are made of digits; whatever else is there is for the check of the configuration to find wrong. */
export function readFlags(values: Values): Flags {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        memberOf(name),
        NUMBERS.includes(name) && /^\d{1,5}$/.test(String(value)) ? Number(value) : value,
      ]),
  );
}

/** The arguments that say the same. */
export function argsOf(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([member, value]) => {
    const name = flagOf(member) ?? member;
    return value === true ? [name] : [value].flat().flatMap((each) => [name, String(each)]);
  });
}

/** `--service-account` of `serviceAccount`; `undefined` where it is no member. */
export function flagOf(member: string): string | undefined {
  const isKnown = member === 'listen' || Object.hasOwn(CONFIG_SCHEMA.properties, member);
  return isKnown ? `--${member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}` : undefined;
}

function memberOf(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
