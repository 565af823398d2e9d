type Header = [name: string, value: string];

/** Where Google has regions: a queue stands behind one. */
const QUEUE = /^queue:(?:.+-(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-[a-z]+\d+-)?(.+)$/;

/**
 * Makes a request of Firebase's Cloud Tasks emulator one of Cloud Tasks; any other request stays as it is.
 *
 * The emulator names a queue `queue:PROJECT-LOCATION-QUEUE`, and tells the time that a task was to run at in milliseconds, or
 * as a date where the task has one. It puts `application/json` before a content type that a task has in lower case, and names
 * Node.js as the user agent. (firebase-tools 15)
 */
export function asCloudTasks(headers: readonly Header[]): Header[] {
  const isOfFirebase = headers.some(([name, value]) => isNamed(name, 'x-cloudtasks-queuename') && QUEUE.test(value));
  return headers.map(([name, value]) => [name, isOfFirebase ? valueAsSent(name.toLowerCase(), value) : value]);
}

function valueAsSent(name: string, value: string): string {
  switch (name) {
    case 'x-cloudtasks-queuename':
      return value.replace(QUEUE, '$1');
    case 'x-cloudtasks-tasketa':
      return secondsOf(value);
    case 'content-type':
      return value.replace(/^application\/json, */, '');
    case 'user-agent':
      return 'Google-Cloud-Tasks';
    default:
      return value;
  }
}

/** Seconds since 1970, with microseconds, as Cloud Tasks writes them; what is no time stays as it is. */
function secondsOf(eta: string): string {
  const milliseconds = /^\d+$/.test(eta) ? Number(eta) : Date.parse(eta);
  return Number.isNaN(milliseconds) ? eta : (milliseconds / 1000).toFixed(6);
}

function isNamed(name: string, lowerCase: string): boolean {
  return name.toLowerCase() === lowerCase;
}
