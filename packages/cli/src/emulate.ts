import { once } from 'node:events';
import { type FakeGoogleServer, type ForwardOptions, startLocalGoogle } from '@id-token-guard/emulator';
import { readForward } from './forward-option.ts';
import { paint, printFields, printJson, printLine } from './terminal.ts';
import { readArguments, UsageError, usage } from './usage.ts';

const DEFAULT_PORT = 8585;

const HELP = `Usage: id-token-guard emulate [options]

Starts a Google on this machine that gives out ID tokens as the real one does, signed with keys of its own: metadata
server, impersonation, service account keys, and requests forwarded with a token. It runs until Ctrl+C.

Options
  --port NUMBER             where it listens, on loopback only; 0: any free port (default: ${DEFAULT_PORT})
  --service-account EMAIL   the account of the virtual machine that its metadata server belongs to
  --forward SENDER=TARGET[,AUDIENCE]
                            print a URL that forwards to TARGET with a token of SENDER (may be repeated);
                            AUDIENCE is the full URL of each request unless you give another
  --json                    print one line of JSON once it listens

Examples
  id-token-guard emulate
  id-token-guard emulate --port 9000 --service-account vm@my-project.iam.gserviceaccount.com
  id-token-guard emulate --forward push@my-project.iam.gserviceaccount.com=http://127.0.0.1:3000/push

Exit codes: 0 stopped by Ctrl+C or SIGTERM, 1 it cannot listen, 2 wrong usage.`;

const OPTIONS = {
  port: { type: 'string' },
  'service-account': { type: 'string' },
  forward: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

/** `id-token-guard emulate`: the local Google, until it is told to stop. */
export async function emulate(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  if (values.help) {
    printLine(HELP);
    return 0;
  }
  const forwards = (values.forward ?? []).map(readForward);
  const server = await listen(portOf(values.port), values['service-account']);
  try {
    const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    const forwarded = await usage('--forward', () =>
      forwards.map((forward) => ({ ...forward, url: server.forwardUrl(forward) })),
    );
    const { url, jwksUrl, metadataHost } = server;
    if (values.json) {
      printJson({ url, jwksUrl, metadataHost, forward: forwarded }, 0);
    } else {
      printWelcome(server, forwarded);
    }
    await stopped;
  } finally {
    await server.close();
  }
  return 0;
}

async function listen(port: number, defaultServiceAccount: string | undefined): Promise<FakeGoogleServer> {
  const options = { port, ...(defaultServiceAccount === undefined ? {} : { defaultServiceAccount }) };
  try {
    return await startLocalGoogle(options);
  } catch (error) {
    if (error instanceof TypeError) {
      throw new UsageError('--service-account must be the e-mail of a service account.');
    }
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new Error(
        `Port ${port} is in use, perhaps by another local Google: choose another with --port; 0 means any free one.`,
      );
    }
    throw error;
  }
}

function portOf(text = String(DEFAULT_PORT)): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new UsageError('--port must be a number from 0 to 65535.');
  }
  return port;
}

function printWelcome({ url, jwksUrl, metadataHost }: FakeGoogleServer, forwarded: readonly Forwarded[]): void {
  const emulator = url === `http://127.0.0.1:${DEFAULT_PORT}` ? '' : ` --emulator ${url}`;
  const identity = `${url}/computeMetadata/v1/instance/service-accounts/default/identity`;
  printLine(`The local Google listens on ${paint('bold', url)}. Open it in a browser to try tokens; press Ctrl+C to stop it.

${paint('bold', "Google's client libraries")} take it for the metadata server of a virtual machine with
  export GCE_METADATA_HOST=${metadataHost}

${paint('bold', 'Your service')} gets its keys from it with
  keys: createGoogleKeySet({ url: '${jwksUrl}' })

${paint('bold', 'By hand')}
  curl -s ${jwksUrl}
  curl -s -H 'Metadata-Flavor: Google' '${identity}?audience=https://api.example.com&format=full'
  TOKEN=$(id-token-guard mint --from pubsub --audience https://api.example.com/push${emulator})
  id-token-guard explain "$TOKEN" --keys ${jwksUrl}`);
  if (forwarded.length > 0) {
    printLine(`\n${paint('bold', 'Requests to these URLs')} go on with a fresh token of the sender`);
    printFields(forwarded.flatMap(describeForward));
  }
}

type Forwarded = ForwardOptions & { readonly url: string };

function describeForward({ sender, target, audience, url }: Forwarded): [string, string][] {
  return [
    ['url', url],
    ['target', target],
    ['sender', sender],
    ['audience', audience ?? 'the full URL of each request to the target'],
  ];
}
