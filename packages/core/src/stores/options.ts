import { checkOptionNames } from '../options.ts';

/** Options of the stores that others may use too. */
export interface StoreOptions {
  /** Put before the name that the keys are kept under, such as `'staging:'`. @default '' */
  readonly prefix?: string | undefined;
}

/** @throws TypeError that names a wrong option */
export function prefixOption(owner: string, options: StoreOptions): string {
  checkOptionNames(owner, options, ['prefix']);
  const { prefix = '' } = options;
  if (typeof prefix !== 'string') {
    throw new TypeError('"prefix" must be a string.');
  }
  return prefix;
}

/** Whether a client has these methods: all that can be told before it is used. */
export function hasMethods(client: unknown, ...names: string[]): boolean {
  return names.every((name) => typeof (client as Record<string, unknown> | null | undefined)?.[name] === 'function');
}
