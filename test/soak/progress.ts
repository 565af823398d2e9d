import type { WriteStream } from 'node:tty';
import type { SoakProgress } from './run-soak.ts';

const WIDTH = 30;
const LINE_EVERY_SECONDS = 30;

/** Shows how far a run is: as a bar on a terminal, as a line twice a minute elsewhere. */
export function createProgress(output: WriteStream, ofSeconds: number): (progress: SoakProgress) => void {
  let nextLineAt = 0;
  return ({ seconds, requests, violations, google }) => {
    const state = `${Math.floor(seconds)}/${ofSeconds} s  ${requests} requests  ${violations} violations  Google: ${google}`;
    if (output.isTTY) {
      const done = Math.round(Math.min(1, seconds / ofSeconds) * WIDTH);
      output.write(`\r\x1b[K${'█'.repeat(done)}${'░'.repeat(WIDTH - done)} ${state}`);
      output.write(seconds >= ofSeconds ? '\r\x1b[K' : '');
    } else if (seconds >= nextLineAt) {
      nextLineAt += LINE_EVERY_SECONDS;
      output.write(`${state}\n`);
    }
  };
}
