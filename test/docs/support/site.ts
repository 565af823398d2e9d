/*
 * The documentation site, built as `npm run docs:build` does, and served as hosts of static files do.
 */
import { globSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { afterAll } from 'vitest';
import { ROOT, run, temporaryDirectory } from '../../packages/support/workspace.ts';

export interface Site {
  /** By address, such as `/keys`. */
  readonly pages: ReadonlyMap<string, string>;
  readonly url: string;
}

/** Fails where a link is dead. */
export async function buildSite(): Promise<Site> {
  const directory = temporaryDirectory();
  const vitepress = join(ROOT, 'docs/node_modules/vitepress/bin/vitepress.js');
  await run(process.execPath, [vitepress, 'build', 'docs', '--outDir', directory], ROOT);
  const pages = globSync('**/*.html', { cwd: directory }).map((file): [string, string] => [
    `/${file}`.replace(/(?:(?<=\/)index)?\.html$/, ''),
    readFileSync(join(directory, file), 'utf8'),
  ]);
  return { pages: new Map(pages), url: await serve(directory) };
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

async function serve(directory: string): Promise<string> {
  const server = createServer((req, res) => {
    const path = decodeURI(new URL(req.url ?? '/', 'http://localhost').pathname);
    const candidates = [path, `${path}.html`, `${path}index.html`].map((each) => join(directory, each));
    const file = candidates.find((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
    if (file === undefined) {
      res.writeHead(404).end();
    } else {
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      res.writeHead(200, { 'content-type': type }).end(readFileSync(file));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
