import type { WriteStream } from 'node:tty';
import { drawProgressBar, percent } from '../commands/progress-bar.ts';
import type { Progress } from './simulate.ts';

/** Shows how far a run is: as a bar on a terminal, as one line for each run elsewhere. */
export function createProgress(output: WriteStream): (progress: Progress) => void {
  return ({ run, share }) => {
    if (output.isTTY) {
      drawProgressBar(output, share, `${percent(share)}  ${run}`);
    } else if (share === 0) {
      output.write(`${run} …\n`);
    }
  };
}
