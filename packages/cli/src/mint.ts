import { orderToken } from './order-token.ts';
import { printJson, printLine } from './terminal.ts';
import { readArguments, UsageError } from './usage.ts';

const DEFAULT_EMULATOR = 'http://127.0.0.1:8585';

/** As `google.from` of the testing kit calls them. */
const SENDERS: Readonly<Record<string, string>> = {
  pubsub: 'pubSub',
  'cloud-tasks': 'cloudTasks',
  scheduler: 'cloudScheduler',
  workflows: 'workflows',
  eventarc: 'eventarc',
  metadata: 'metadataServer',
  impersonation: 'impersonation',
  key: 'serviceAccountKey',
  gcloud: 'gcloudUser',
  'sign-in': 'signInWithGoogle',
  chat: 'chat',
  'workspace-add-on': 'workspaceAddOn',
  'apps-script': 'appsScript',
  dialogflow: 'dialogflow',
  'api-gateway': 'apiGateway',
  'github-actions': 'githubActions',
  'firebase-tasks': 'firebaseTasks',
  agent: 'agent',
  analytics: 'analytics',
  'uptime-check': 'uptimeCheck',
  apigee: 'apigee',
  'vertex-extension': 'vertexExtension',
};

/** People: nobody need say their audience. */
const PEOPLE = ['gcloud', 'sign-in', 'apps-script'];

const HELP = `Usage: id-token-guard mint --from SENDER --audience VALUE [options]

Prints an ID token with exactly the claims that this sender's tokens have, signed by the Google that
"id-token-guard emulate" has started. Services that get their keys from there accept it, and no others.

Options
  --from SENDER       ${inLines(Object.keys(SENDERS), 6)}
  --audience VALUE    for whom the token is; for services of Google, the URL that they call (gcloud: cannot be chosen)
  --email EMAIL       who sends: a service account, or with gcloud, sign-in and apps-script a person
  --include-email     metadata, impersonation, github-actions, api-gateway, apigee: the token tells the e-mail
  --claim NAME=JSON   a claim in place of the sender's (may be repeated); what is not JSON is taken as text
  --emulator URL      where the local Google is (default: ${DEFAULT_EMULATOR})
  --header            print a header line in place of the token
  --json              print token, claims, and the rest of the sender's request as JSON

Examples
  TOKEN=$(id-token-guard mint --from pubsub --audience https://api.example.com/push)
  curl -H "$(id-token-guard mint --from key --audience https://api.example.com --header)" http://127.0.0.1:3000/hello
  id-token-guard mint --from sign-in --email ada@example.com --claim hd=example.com --claim nonce=abc
  id-token-guard mint --from metadata --audience https://api.example.com --claim exp=1700000000 --json

Exit codes: 0 here is the token, 1 no local Google answers, 2 wrong usage.`;

const OPTIONS = {
  from: { type: 'string' },
  audience: { type: 'string' },
  email: { type: 'string' },
  'include-email': { type: 'boolean' },
  claim: { type: 'string', multiple: true },
  emulator: { type: 'string' },
  header: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** `id-token-guard mint`: a token of a given sender. */
export async function mint(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  if (values.help) {
    printLine(HELP);
    return 0;
  }
  const { from = '', audience, email } = values;
  const sender = Object.hasOwn(SENDERS, from) ? SENDERS[from] : undefined;
  if (sender === undefined) {
    throw new UsageError(`--from must be one of ${Object.keys(SENDERS).join(', ')}.`);
  }
  if (audience === undefined && !PEOPLE.includes(from)) {
    throw new UsageError('--audience is missing: whoever asks Google for a token says whom it is for.');
  }
  if (values.header && values.json) {
    throw new UsageError('Give --header or --json, not both.');
  }
  const order = {
    from: sender,
    ...(audience === undefined ? {} : { audience }),
    ...(email === undefined ? {} : { email }),
    includeEmail: values['include-email'] === true,
    claims: Object.fromEntries((values.claim ?? []).map(readClaim)),
  };
  const request = await orderToken(values.emulator ?? DEFAULT_EMULATOR, order);
  if (values.json) {
    printJson(request);
  } else {
    printLine(values.header ? `Authorization: Bearer ${request.token}` : request.token);
  }
  return 0;
}

function inLines(names: readonly string[], each: number): string {
  const lines = names.flatMap((_, index) => (index % each === 0 ? [names.slice(index, index + each).join(', ')] : []));
  return lines.join(',\n                      ');
}

function readClaim(text: string): [name: string, value: unknown] {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    throw new UsageError('--claim must be NAME=JSON, such as email_verified=false or hd=example.com.');
  }
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}
