import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogFormat } from './config.ts';

/** A log, and the way to have all of it written at the end. */
export interface Log {
  readonly logger: Logger;
  flush(): void;
}

/** If nobody reads the log any more, what is beyond this is lost: a guard must not wait for its reader. In bytes. */
const MAX_WAITING = 4 * 1024 * 1024;

/** Writes to standard output, in the background. */
export function createLog(format: LogFormat): Log {
  if (format === 'none') {
    return { logger: pino({ enabled: false }), flush: () => {} };
  }
  const output = pino.destination({ dest: 1, sync: false, maxLength: MAX_WAITING });
  const destination: DestinationStream =
    format === 'json' ? output : { write: (line) => output.write(lineForPeople(line)) };
  const options = {
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  };
  return { logger: pino(options, destination), flush: () => flush(output) };
}

function flush(output: { flushSync(): void }): void {
  try {
    output.flushSync();
  } catch {
    // It is not open yet, or its reader is gone: nothing can be written any more.
  }
}

/** Time, level, message, and the rest as `name=value`; everything but printable ASCII is escaped, as JSON does it. */
function lineForPeople(json: string): string {
  const { time, level, msg, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const fields = Object.entries(rest).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  return `${time} ${level} ${msg}${fields.join('')}`.replace(/[^ -~]/g, escapeUnit).concat('\n');
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
