#!/usr/bin/env bash
# Firebase's emulator of Cloud Tasks sends other headers than Cloud Tasks, and sends at once what is scheduled for later.
#
# Expected: a task that firebase-admin puts into the emulator arrives as one of Cloud Tasks: with an ID token, the queue's
#   name, and the time it is scheduled for in seconds, not before that time.
# Seen (firebase-tools 15.34.2, firebase-admin 14.5.1): no `Authorization`. `X-CloudTasks-QueueName` is
#   `queue:PROJECT-LOCATION-QUEUE`. `X-CloudTasks-TaskETA` is the text of a date for a task with `scheduleTime`, and
#   milliseconds for one without. A task for in a minute arrives within two seconds.
# Why it matters to a receiver of ID tokens: a handler that demands a token, or that reads these headers as Cloud Tasks
#   documents them, refuses every task of the emulator.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts firebase-tools@15.34.2 firebase-admin@14.5.1 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { TasksEmulator } = require('firebase-tools/lib/emulator/tasksEmulator.js');

let startedAt;
const service = createServer((request, response) => {
  const seen = Object.entries(request.headers).filter(([name]) => /^authorization$|queuename|tasketa/.test(name));
  const eta = (value) => (/^\d{13}$/.test(value) ? 'MILLISECONDS' : /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? 'DATE' : value);
  const lines = seen.map(([name, value]) => `${name}: ${name.endsWith('eta') ? eta(value) : value}`);
  const when = Date.now() - startedAt < 2000 ? 'within 2 s' : 'later';
  console.log(`${request.url} ${when}: authorization ${'authorization' in request.headers ? 'there' : 'missing'}; ${lines.sort().join('; ')}`);
  response.end();
  service.emit('served');
}).listen(0, '127.0.0.1');
await once(service, 'listening');

const port = await new Promise((resolve) => {
  const free = createServer().listen(0, '127.0.0.1', () => { const { port } = free.address(); free.close(() => resolve(port)); });
});
await new TasksEmulator({ host: '127.0.0.1', port, projectId: 'demo-project' }).start();
const queue = await fetch(`http://127.0.0.1:${port}/projects/demo-project/locations/us-central1/queues/push`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{}',
});
if (!queue.ok) throw new Error(`The emulator answers ${queue.status}.`);

process.env.CLOUD_TASKS_EMULATOR_HOST = `127.0.0.1:${port}`;
// Nothing is asked of a metadata server.
process.env.METADATA_SERVER_DETECTION = 'none';
const { initializeApp } = require('firebase-admin/app');
const { getFunctions } = require('firebase-admin/functions');
initializeApp({ projectId: 'demo-project' });
const tasks = getFunctions().taskQueue('locations/us-central1/functions/push');
for (const [path, options] of [['now', {}], ['in-a-minute', { scheduleDelaySeconds: 60 }]]) {
  startedAt = Date.now();
  const served = once(service, 'served', { signal: AbortSignal.timeout(10_000) });
  await tasks.enqueue({ number: 1 }, { uri: `http://127.0.0.1:${service.address().port}/${path}`, ...options });
  await served;
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
/now within 2 s: authorization missing; x-cloudtasks-queuename: queue:demo-project-us-central1-push; x-cloudtasks-tasketa: MILLISECONDS
/in-a-minute within 2 s: authorization missing; x-cloudtasks-queuename: queue:demo-project-us-central1-push; x-cloudtasks-tasketa: DATE
TEXT
