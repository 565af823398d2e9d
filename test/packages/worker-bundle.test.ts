/*
 * What a Cloudflare Worker carries. Bundled from the packed packages, with the conditions that Wrangler sets.
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { makeRelease } from './support/release.ts';
import { ROOT } from './support/workspace.ts';

const { project } = await makeRelease();

/** What a guard may cost a Worker, Hono itself not counted. */
const BUDGET_BYTES = 20_000;

/** As Wrangler sets them, and as Next.js does for its edge runtime. */
const WORKERD = ['workerd', 'worker', 'browser'];
const EDGE_LIGHT = ['edge-light', 'worker', 'browser'];

const GUARD = `
  import { requireGoogleIdToken, serviceAccount } from '@id-token-guard/hono';
  export const guard = requireGoogleIdToken({
    audience: 'https://api.example.com',
    callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
  });`;

test('core, the Hono adapter and a guard bring nothing else into a Worker', async () => {
  const bundle = await bundleOf(GUARD);
  // For comparison: what a verifier by hand takes, and the cache of the other build. More peers are in docs/performance.md.
  const from = { resolveDir: join(ROOT, 'packages/core') };
  const jose = await bundleOf(`export { createRemoteJWKSet, jwtVerify } from 'jose';`, from);
  const cache = await bundleOf(`export { LRUCache } from 'lru-cache';`, from);

  console.log(
    [
      `Worker bundle, minified, gzip: ${bundle.gzipBytes} bytes of ${BUDGET_BYTES}.`,
      `jose alone (createRemoteJWKSet, jwtVerify): ${jose.gzipBytes}. lru-cache alone: ${cache.gzipBytes}.`,
    ].join(' '),
  );
  expect(bundle.packages).toEqual(['@id-token-guard/core', '@id-token-guard/hono']);
  expect(bundle.gzipBytes).toBeLessThanOrEqual(BUDGET_BYTES);
});

describe('the build for edge runtimes', () => {
  /** What there is only of Node.js. */
  const OF_NODE = ['getBuiltinModule', 'undici.globalDispatcher'];
  const inlinedOf = ({ text }: Bundle) => OF_NODE.filter((word) => text.includes(word));

  test.each([
    ['workerd', WORKERD],
    ['edge-light', EDGE_LIGHT],
  ])('is what %s gets: nothing that is for Node.js', async (_condition, conditions) => {
    const bundle = await bundleOf(GUARD, { conditions });

    expect(inlinedOf(bundle)).toEqual([]);
  });

  test.each([
    ['a plain bundler', {}],
    ['a bundler for browsers', { conditions: ['module', 'browser'] }],
    ['a bundler for Node.js', { platform: 'node', conditions: ['module'] }],
  ] satisfies [string, Options][])(
    'is not what %s gets: the runtime is found when the program runs',
    async (_name, options) => {
      const bundle = await bundleOf(GUARD, { conditions: [], ...options });

      expect(inlinedOf(bundle)).toEqual(OF_NODE);
      expect(bundle.packages).toContain('lru-cache');
    },
  );

  test('is one instance for import and for require(), with a bundler that takes ES modules for both', async () => {
    const { text } = await bundleOf(
      `export * from '@id-token-guard/core'; console.log(require('@id-token-guard/core'));`,
      {
        conditions: ['module', ...EDGE_LIGHT],
      },
    );

    expect(text.match(/id-token-guard\.GoogleIdTokenError/g) ?? []).toHaveLength(1);
  });
});

test('what the adapter hands on of core costs nothing where it is not used', async () => {
  const fromAdapter = await bundleOf(GUARD);
  const fromCore = await bundleOf(`
    import { serviceAccount } from '@id-token-guard/core';
    ${GUARD.replace('requireGoogleIdToken, serviceAccount', 'requireGoogleIdToken')}`);

  // But for the names that the minifier gives.
  expect(Math.abs(fromAdapter.bytes - fromCore.bytes)).toBeLessThan(100);
});

test('caller rules that a program does not use are left out', async () => {
  const one = await bundleOf(GUARD);
  const all = await bundleOf(`export { computeInstance, user } from '@id-token-guard/hono'; ${GUARD}`);

  expect(all.text).toContain('computeInstance()');
  expect(one.text).not.toContain('computeInstance()');
});

test('an audience that is the URL of the request costs those nothing who have another one', async () => {
  const without = await bundleOf(GUARD);
  const withIt = await bundleOf(`export { requestUrl } from '@id-token-guard/core'; ${GUARD}`);

  expect(withIt.text).toContain('trustForwarded');
  expect(without.text).not.toContain('trustForwarded');
  console.log(`requestUrl(): ${withIt.gzipBytes - without.gzipBytes} bytes more.`);
});

describe('a Worker gets no module of Node.js with', () => {
  test.each([
    '@id-token-guard/core',
    '@id-token-guard/core/stores',
    '@id-token-guard/core/explain',
    '@id-token-guard/hono',
    '@id-token-guard/fetch',
    '@id-token-guard/senders',
  ])('%s', async (specifier) => {
    const { bytes, external } = await bundleOf(`export * from '${specifier}';`);

    expect(bytes).toBeGreaterThan(0);
    expect(external).toEqual([]);
  });

  test('a bundler that knows both conditions, "browser" and "node"', async () => {
    const { bytes, external } = await bundleOf(`export * from '@id-token-guard/core';`, {
      platform: 'node',
      conditions: ['browser'],
    });

    expect(bytes).toBeGreaterThan(0);
    expect(external).toEqual([]);
  });

  test('no package that is for servers: the check sees one', async () => {
    const { external } = await bundleOf(`export * from '@id-token-guard/emulator';`);

    expect(external).toContain('node:http');
  });
});

interface Options extends BuildOptions {
  /** Where packages are looked for. */
  readonly resolveDir?: string;
}

interface Bundle {
  readonly text: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** The packages whose code is in it. */
  readonly packages: readonly string[];
  /** What it imports and does not contain. */
  readonly external: readonly string[];
}

async function bundleOf(program: string, { resolveDir = project, ...options }: Options = {}): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: WORKERD,
    external: ['hono', 'hono/*', 'node:*'],
    logLevel: 'silent',
    ...options,
    metafile: true,
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const packages = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return {
    text: new TextDecoder().decode(contents),
    bytes: contents.byteLength,
    gzipBytes: gzipSync(contents, { level: 9 }).byteLength,
    packages: [...new Set(packages)].toSorted(),
    external: (output?.imports ?? []).filter((each) => each.external).map(({ path }) => path),
  };
}
