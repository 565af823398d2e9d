import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** The command was called in a wrong way: exit code 2. */
export class UsageError extends Error {}

/** What a command was called with. */
export interface Arguments<Options extends ParseArgsOptionsConfig> {
  readonly values: ReturnType<typeof parseArgs<{ options: Options & typeof HELP_OPTION }>>['values'];
  readonly positionals: readonly string[];
}

const HELP_OPTION = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * Reads arguments, strictly; `--help` is always known.
 *
 * @throws UsageError in place of Node's own errors
 */
export function readArguments<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  maxPositionals = 0,
): Arguments<Options> {
  try {
    const allOptions = { ...options, ...HELP_OPTION };
    const { values, positionals } = parseArgs({ args: [...args], options: allOptions, allowPositionals: true });
    if (positionals.length > maxPositionals) {
      throw new UsageError(`There is one argument too many: ${JSON.stringify(positionals[maxPositionals])}.`);
    }
    return { values, positionals };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(firstSentence((error as Error).message));
  }
}

/** Makes a wrong value of an option, which the library reports as a TypeError, an error of usage. */
export async function usage<T>(option: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`${option}: ${error.message}`) : error;
  }
}

/** Node explains after it how to pass arguments that begin with a dash, which no command takes. */
function firstSentence(message: string): string {
  return message.replace(/\n[\s\S]*|\. To specify a positional argument[\s\S]*/, '').replace(/\.?$/, '.');
}
