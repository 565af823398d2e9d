import type { WriteStream } from 'node:tty';
import { drawProgressBar, percent } from '../commands/progress-bar.ts';
import type { Progress } from './fuzz.ts';

/** How often a terminal is written to. */
const INTERVAL_MS = 100;

/** Shows how far a run is: as a bar on a terminal, as a line for each tenth elsewhere. */
export function createProgress(output: WriteStream): (progress: Progress) => void {
  let shownAt = 0;
  let tenth = 0;
  return ({ share, runs, failures, target }) => {
    const what = `${runs.toLocaleString('en')} runs, ${failures} failures`;
    if (output.isTTY) {
      if (share === 1 || performance.now() - shownAt > INTERVAL_MS) {
        shownAt = performance.now();
        drawProgressBar(output, share, `${percent(share)}  ${what}  ${target}`);
      }
    } else if (share * 10 >= tenth + 1) {
      tenth = Math.floor(share * 10);
      output.write(`${tenth * 10} %: ${what}\n`);
    }
  };
}
