import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** The command was called in a wrong way: exit code 2. */
export class UsageError extends Error {}

/** What a command was called with. */
export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Reads arguments, strictly; `--help` is always known.
 *
 * @throws UsageError in place of Node's own errors
 */
export function readArguments(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  maxPositionals: number,
): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: maxPositionals > 0,
    });
    if (positionals.length > maxPositionals) {
      throw new UsageError(`Too many arguments: ${positionals.length}.`);
    }
    return { values, positionals };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message.split('\n')[0]);
  }
}

/** Makes wrong values of options, which the library reports as TypeErrors, errors of usage. */
export function usage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}
