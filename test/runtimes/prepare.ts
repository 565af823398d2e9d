import type { Outside } from './conformance/outside.ts';
import type { Result } from './conformance/suite.ts';
import { forgeHostileInputs } from './hostile-inputs.ts';
import { installPackages } from './installed-packages.ts';
import { startKeyServer } from './key-server.ts';
import type { Runtime } from './runtimes.ts';

/** All that the suite needs before it can run anywhere. */
export interface Prepared {
  readonly outside: Outside;
  /** Where the built packages are installed. */
  readonly directory: string;
  /** Runs the suite in a runtime, with the built packages. */
  runIn(runtime: Runtime, outside?: Outside): Promise<Result[]>;
  clear(): Promise<void>;
}

export async function prepare(): Promise<Prepared> {
  const { directory, remove } = await installPackages();
  const [hostile, { close, ...keyServer }] = await Promise.all([forgeHostileInputs(), startKeyServer()]);
  const outside: Outside = { hostile, keyServer };
  return {
    outside,
    directory,
    runIn: (runtime, changed = outside) => runtime.run(directory, changed),
    async clear() {
      close();
      await remove();
    },
  };
}
