import { readFile } from 'node:fs/promises';
import { printError, printLine } from './terminal.ts';
import { UsageError } from './usage.ts';

/** Takes the arguments behind its name, resolves to the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

// Each is loaded when it is called: only one of them needs all of a Google.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  explain: async () => (await import('./explain.ts')).explain,
  doctor: async () => (await import('./doctor.ts')).doctor,
  emulate: async () => (await import('./emulate.ts')).emulate,
  mint: async () => (await import('./mint.ts')).mint,
  serve: async () => (await import('./serve.ts')).serve,
};

const HELP = `Usage: id-token-guard <command> [options]

Commands
  explain [token]   Why is this token refused? Claims, every check, the fix. Works offline.
  doctor            Can this machine get Google's keys? Reachability, freshness, clock.
  emulate           A Google on this machine that gives out ID tokens.
  mint              A token of a given sender, from the Google that "emulate" started.
  serve             A guard for apps in any language, behind nginx, Caddy, Traefik, Envoy or HAProxy.

Options
  --help            of a command: its options, with examples
  --version         the version

Examples
  id-token-guard explain "$TOKEN" --audience https://api.example.com --keys google
  id-token-guard emulate
  id-token-guard mint --from pubsub --audience https://api.example.com/push
  id-token-guard serve --audience https://api.example.com --service-account sender@my-project.iam.gserviceaccount.com

Exit codes: 0 all is well, 1 something is not (a refused token, unreachable keys), 2 wrong usage.`;

/** Runs the command line and resolves to its exit code; errors become one line on standard error. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  switch (name) {
    case undefined:
      throw new UsageError('Say which command: explain, doctor, emulate, mint or serve. See id-token-guard --help.');
    case '--version':
      printLine(await version());
      return 0;
    case '--help':
    case '-h':
    case 'help':
      if (rest[0] === undefined) {
        printLine(HELP);
        return 0;
      }
      return (await commandOf(rest[0]))(['--help']);
    default:
      return (await commandOf(name))(rest);
  }
}

function commandOf(name: string): Promise<Command> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    throw new UsageError(`There is no command ${JSON.stringify(name)}. See id-token-guard --help.`);
  }
  return load();
}

async function version(): Promise<string> {
  return JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')).version;
}
