import type { WriteStream } from 'node:tty';
import { drawProgressBar } from '../commands/progress-bar.ts';
import type { SoakProgress } from './run-soak.ts';

const LINE_EVERY_SECONDS = 30;

/** Shows how far a run is: as a bar on a terminal, as a line twice a minute elsewhere. */
export function createProgress(output: WriteStream, ofSeconds: number): (progress: SoakProgress) => void {
  let nextLineAt = 0;
  return ({ seconds, requests, violations, google }) => {
    const state = `${Math.floor(seconds)}/${ofSeconds} s  ${requests} requests  ${violations} violations  Google: ${google}`;
    if (output.isTTY) {
      drawProgressBar(output, Math.min(1, seconds / ofSeconds), state);
    } else if (seconds >= nextLineAt) {
      nextLineAt += LINE_EVERY_SECONDS;
      output.write(`${state}\n`);
    }
  };
}
