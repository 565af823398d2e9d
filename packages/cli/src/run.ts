import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { printError, printLine } from './terminal.ts';
import { UsageError } from './usage.ts';

/** Takes the arguments behind its name, resolves to the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = { explain, doctor };

const HELP = `Usage: id-token-guard <command> [options]

Commands
  explain [token]   Why is this token refused? Claims, every check, the fix. Works offline.
  doctor            Can this machine get Google's keys? Reachability, freshness, clock.

"id-token-guard <command> --help" shows options and examples.
Exit codes: 0 all is well, 1 something is not (a refused token, unreachable keys), 2 wrong usage.`;

/** Runs the command line; errors become one line on standard error. */
export async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    printLine(HELP);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (command === undefined) {
      throw new UsageError(`Unknown command ${JSON.stringify(name)}. See id-token-guard --help.`);
    }
    return await command(rest);
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}
