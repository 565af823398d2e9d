import type { WriteStream } from 'node:tty';

const WIDTH = 30;
const CLEAR_LINE = '\r\x1b[K';

/** Draws a bar in place of the last one on a terminal, and takes it away when all is done. */
export function drawProgressBar(output: WriteStream, share: number, state: string): void {
  const done = Math.round(share * WIDTH);
  output.write(`${CLEAR_LINE}${'█'.repeat(done)}${'░'.repeat(WIDTH - done)} ${state}`);
  output.write(share === 1 ? CLEAR_LINE : '');
}

/** Such as ` 42 %`, as wide as `100 %`. */
export function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}
