import { once } from 'node:events';
import {
  ConfigError,
  FRONT_SERVERS,
  type FrontServer,
  type GuardConfig,
  type GuardServer,
  printConfiguration,
  readConfigFile,
  startGuardServer,
} from '@id-token-guard/serve';
import { argsOf, type Flags, flagOf, readFlags } from './serve-flags.ts';
import { printError, printLine } from './terminal.ts';
import { readArguments, UsageError } from './usage.ts';

const HELP = `Usage: id-token-guard serve [options]

Guards an app in any language: nginx, Caddy, Traefik or Envoy ask it at /auth about each request, or it is a proxy in
front of the app (--upstream). The app gets X-Google-Caller-Kind, -Email, -Id and X-Google-Audience.

Options
  --audience VALUE          an audience that tokens may be for (may be repeated)
  --urls-under URL          accept every audience that is a URL at or below this one (may be repeated)
  --request-url ORIGIN      accept the URL that the request was sent to, at this public origin (may be repeated)
  --service-account WHO     a service account that may call, by e-mail or unique id (may be repeated)
  --user EMAIL              a person who may call (may be repeated)
  --workspace-domain NAME   a Workspace domain, all of whose people may call (may be repeated)
  --subject ID              an account that may call, by unique id (may be repeated)
  --any-caller              everybody with a Google account may call: the app must look at the caller itself
  --header NAME             authorization (default) or x-serverless-authorization
  --upstream URL            be a proxy in front of the app, such as http://127.0.0.1:8000
  --port NUMBER             where it listens; 0: any free port (default: 8586)
  --host ADDRESS            on which address (default: 127.0.0.1)
  --management-port NUMBER  where /healthz, /readyz and /metrics are (default: the port; with --upstream 8587)
  --metrics                 serve /metrics, for Prometheus
  --log FORMAT              json, text or none (default: text in a terminal, else json)
  --keys-url URL            where the keys are, if not at Google: of a local Google, for example
  --redis URL               share one fetch of the keys with other guards: redis://127.0.0.1:6379
  --dialect NAME            how refusals are told at /auth: standard (default) or nginx
  --config FILE             all of these from a JSON file; SIGHUP reads it again. Flags go before the file
  --print NAME              print a complete configuration and end: ${FRONT_SERVERS.slice(0, 5).join(', ')},
                            ${FRONT_SERVERS.slice(5).join(', ')}; --port and --upstream count
  --listen ADDRESS          with --print: where the server in front listens (default: 8080)

Examples
  id-token-guard serve --audience https://api.example.com --service-account sender@my-project.iam.gserviceaccount.com
  id-token-guard serve --print nginx --upstream http://127.0.0.1:8000 > /etc/nginx/conf.d/app.conf
  id-token-guard serve --config serve.json --upstream http://127.0.0.1:8000

Exit codes: 0 stopped by Ctrl+C or SIGTERM, 1 it cannot listen, 2 wrong usage.`;

const OPTIONS = {
  audience: { type: 'string', multiple: true },
  'urls-under': { type: 'string', multiple: true },
  'request-url': { type: 'string', multiple: true },
  'service-account': { type: 'string', multiple: true },
  user: { type: 'string', multiple: true },
  'workspace-domain': { type: 'string', multiple: true },
  subject: { type: 'string', multiple: true },
  'any-caller': { type: 'boolean' },
  header: { type: 'string' },
  upstream: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'management-port': { type: 'string' },
  metrics: { type: 'boolean' },
  log: { type: 'string' },
  'keys-url': { type: 'string' },
  redis: { type: 'string' },
  dialect: { type: 'string' },
  config: { type: 'string' },
  print: { type: 'string' },
  listen: { type: 'string' },
} as const;

/** `id-token-guard serve`: a guard for apps in any language, until it is told to stop. */
export async function serve(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  if (values.help) {
    printLine(HELP);
    return 0;
  }
  const { config: file, print, listen, help: _, ...rest } = values;
  const flags: Flags = readFlags(rest);
  if (print !== undefined) {
    await naming(flags, file, () => printFor(print, flags, file, listen));
    return 0;
  }
  if (listen !== undefined) {
    throw new UsageError('--listen is for --print: the guard itself listens where --host and --port say.');
  }
  const starting = naming(flags, file, async () => startGuardServer(await load()));
  const onHangUp = () => void starting.then(reload, () => {});
  if (file !== undefined) {
    // From the first moment on: without this, the signal ends the process.
    process.on('SIGHUP', onHangUp);
  }
  try {
    const server = await starting;
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await server.close();
    return 0;
  } finally {
    process.off('SIGHUP', onHangUp);
  }

  async function load(): Promise<GuardConfig> {
    const log = process.stdout.isTTY ? 'text' : 'json';
    const members = file === undefined ? {} : await naming({}, file, () => readConfigFile(file));
    return { log, ...members, ...flags };
  }

  async function reload(running: GuardServer): Promise<void> {
    await naming(flags, file, () => running.reload(load)).catch((error: Error) =>
      printError(`${error.message} The configuration until now stays in use.`),
    );
  }
}

async function printFor(print: string, flags: Flags, file: string | undefined, listen: string | undefined) {
  const server = FRONT_SERVERS.find((name): name is FrontServer => name === print);
  if (server === undefined) {
    throw new UsageError(`--print must be one of ${FRONT_SERVERS.join(', ')}.`);
  }
  const { port, managementPort, upstream } = { ...(file === undefined ? {} : await readConfigFile(file)), ...flags };
  const args = [...(file === undefined ? [] : ['--config', file]), ...argsOf(flags)];
  printLine(printConfiguration(server, { port, managementPort, upstream, listen, args }).trimEnd());
}

/** What is wrong with a configuration is said of the flag, or of the file, that it stands in. */
async function naming<T>(flags: Flags, file: string | undefined, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof ConfigError) {
      const inFile = file !== undefined && !(error.member !== undefined && Object.hasOwn(flags, error.member));
      throw new UsageError(inFile ? `${JSON.stringify(file)}: ${error.message}` : inFlags(error.message));
    }
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      const { port } = error as { port?: number };
      throw new Error(
        `Port ${port} is in use, perhaps by another guard: choose others with --port and --management-port.`,
      );
    }
    throw error;
  }
}

/** `"serviceAccount" is missing` becomes `--service-account is missing`. */
function inFlags(message: string): string {
  return message.replace(/"([a-z][A-Za-z]+)"/g, (quoted, member: string) => flagOf(member) ?? quoted);
}
