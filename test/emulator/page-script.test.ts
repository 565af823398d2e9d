/*
 * The code of the page is written in modules, and served as one script, which is a file of the package. When the modules
 * change: npm run unit -- test/emulator/page-script.test.ts -u
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const PAGE = fileURLToPath(new URL('../../packages/emulator/src/page', import.meta.url));

test('the script of the page is that of its modules', async () => {
  const { outputFiles } = await build({
    absWorkingDir: PAGE,
    entryPoints: ['browser/main.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    write: false,
  });
  const script = outputFiles[0]?.text.replaceAll(/[\\`]|\$(?=\{)/g, String.raw`\$&`);

  await expect(`/* The modules of browser/ in one: test/emulator/page-script.test.ts writes this file. */
export const BROWSER_SCRIPT: string = \`${script}\`;
`).toMatchFileSnapshot(`${PAGE}/browser-script.ts`);
});
