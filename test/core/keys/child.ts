import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script of this folder in a process of its own, and waits for it to end by itself.
 *
 * @returns what it printed
 * @throws Error where it ended with another status than 0
 */
export function runScript(
  name: string,
  args: readonly string[],
  nodeOptions: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const path = fileURLToPath(new URL(name, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [...nodeOptions, path, ...args], { env }, (error, stdout) => {
      if (error === null) {
        resolve(stdout);
      } else {
        reject(error);
      }
    });
    child.stdin?.end();
  });
}
