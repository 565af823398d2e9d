/**
 * Runs a command with what it was called with. Asked for help, and called in a wrong way, which `readOptions` tells by a
 * `TypeError`, it says how to call it.
 */
export async function runCommand<Options>(
  help: string,
  readOptions: (args: readonly string[]) => Options | 'help',
  main: (options: Options) => Promise<void>,
): Promise<void> {
  try {
    const options = readOptions(process.argv.slice(2));
    await (options === 'help' ? console.log(help) : main(options));
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
    console.error(`${error.message}\n\n${help}`);
    process.exitCode = 1;
  }
}
