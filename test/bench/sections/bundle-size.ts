import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { withBefore } from '../contestants/registry.ts';
import type { Row } from '../measuring/results.ts';
import type { Section } from './section.ts';

/** What Wrangler sets for a Worker. */
const WORKER: BuildOptions = {
  platform: 'browser',
  conditions: ['worker', 'workerd', 'browser'],
};
const NODE: BuildOptions = { platform: 'node' };

/** What a deployment carries: the set-up of each contestant, bundled. */
export const bundleSize: Section = {
  name: 'bundle-size',
  async run({ onProgress }) {
    const rows: Row[] = [];
    const single = withBefore();
    for (const { name, file } of single) {
      const worker = await bundleOf(file, WORKER).catch(() => undefined);
      const node = await bundleOf(file, NODE);
      rows.push({
        name,
        values: {
          workerGzip: worker === undefined ? null : gzipSync(worker).length / 1000,
          worker: worker === undefined ? null : worker.length / 1000,
          nodeGzip: gzipSync(node).length / 1000,
          node: node.length / 1000,
        },
      });
      onProgress(rows.length / single.length);
    }
    return [
      {
        id: 'bundle-size',
        title: 'Bundle size',
        columns: [
          { key: 'workerGzip', heading: 'Worker, gzip, kB', digits: 1 },
          { key: 'worker', heading: 'Worker, kB', digits: 1 },
          { key: 'nodeGzip', heading: 'Node.js, gzip, kB', digits: 1 },
          { key: 'node', heading: 'Node.js, kB', digits: 1 },
        ],
        rows,
        remarks: ['By esbuild, minified. “–”: does not bundle for a Worker, since it needs modules of Node.js.'],
        chart: { column: 'nodeGzip', title: 'Bundle for Node.js: minified, gzip, kB' },
      },
    ];
  },
};

/** @throws Error where something cannot be had, such as a module of Node.js for a Worker */
async function bundleOf(file: string, options: BuildOptions): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [fileURLToPath(new URL(`../contestants/${file}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  const [output] = outputFiles ?? [];
  if (output === undefined) {
    throw new Error(`There is no bundle of ${file}.`);
  }
  return output.contents;
}
