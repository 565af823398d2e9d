import type { WriteStream } from 'node:tty';
import type { Progress } from './simulate.ts';

const WIDTH = 30;

/** Shows how far a run is: as a bar on a terminal, as one line for each run elsewhere. */
export function createProgress(output: WriteStream): (progress: Progress) => void {
  return ({ run, share }) => {
    if (output.isTTY) {
      const done = Math.round(share * WIDTH);
      const bar = `${'█'.repeat(done)}${'░'.repeat(WIDTH - done)}`;
      output.write(`\r\x1b[K${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${run}`);
      output.write(share === 1 ? '\r\x1b[K' : '');
    } else if (share === 0) {
      output.write(`${run} …\n`);
    }
  };
}
