import type { WriteStream } from 'node:tty';
import type { Progress } from './fuzz.ts';

const WIDTH = 30;
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
        const done = Math.round(share * WIDTH);
        const bar = `${'█'.repeat(done)}${'░'.repeat(WIDTH - done)}`;
        output.write(`\r\x1b[K${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${what}  ${target}`);
        output.write(share === 1 ? '\r\x1b[K' : '');
      }
    } else if (share * 10 >= tenth + 1) {
      tenth = Math.floor(share * 10);
      output.write(`${tenth * 10} %: ${what}\n`);
    }
  };
}
