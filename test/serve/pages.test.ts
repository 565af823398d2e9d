/*
 * The guides: the configurations that they show are those that are printed, and the commands have no flag that is not there.
 */
import { readFileSync } from 'node:fs';
import { type FrontServer, printConfiguration } from '@id-token-guard/serve';
import { describe, expect, test } from 'vitest';
import { codeBlocksOf } from '../docs/support/markdown.ts';
import { cli } from './support/cli-here.ts';

const PAGES: Readonly<Record<FrontServer, string>> = {
  nginx: 'nginx',
  caddy: 'caddy',
  traefik: 'traefik',
  envoy: 'envoy',
  haproxy: 'haproxy',
  apache: 'apache',
  systemd: 'systemd',
  dockerfile: 'container',
};

const { stdout: help } = await cli(['serve', '--help']);

describe.each(Object.entries(PAGES))('the page about %s', (name, page) => {
  const path = `docs/guides/serve/${page}.md`;

  test('shows what is printed', () => {
    expect(blocksOf(path).map(({ text }) => text.trim())).toContain(printConfiguration(name as FrontServer).trim());
  });

  test('has commands that print it', () => {
    expect(read(path)).toContain(`id-token-guard${name === 'systemd' ? '' : '/cli'} serve --print ${name}`);
  });
});

test.each([
  'docs/guides/serve.md',
  'docs/command-line.md',
  ...Object.values(PAGES).map((page) => `docs/guides/serve/${page}.md`),
])('the commands of %s have flags that are there', (path) => {
  const commands = blocksOf(path)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => /id-token-guard(\/cli)? serve /.test(line));
  const flags = commands.flatMap((line) => line.replace(/.* serve /, '').match(/--[a-z-]+/g) ?? []);

  expect(commands.length).toBeGreaterThan(0);
  expect(flags.filter((flag) => !help.includes(`\n  ${flag} `))).toEqual([]);
});

test('docs/command-line.md tells every flag', () => {
  const flags = help.match(/^ {2}--[a-z-]+/gm)?.map((flag) => flag.trim()) ?? [];

  expect(flags.length).toBeGreaterThan(15);
  expect(flags.filter((flag) => !read('docs/command-line.md').includes(`\`${flag}\``))).toEqual([]);
});

test('docs/guides/serve.md tells every code of the guard’s own', () => {
  const sources = ['answer', 'proxy', 'print/nginx'].map((name) => read(`packages/serve/src/${name}.ts`)).join('\n');
  const codes = [...sources.matchAll(/errorAnswer\(\s*\d+,\s*'(\w+)'|"code":"(\w+)"/g)].map(
    ([, one, other]) => one ?? other,
  );

  expect(codes.length).toBeGreaterThan(6);
  expect(codes.filter((code) => !read('docs/guides/serve.md').includes(`\`${code}\``))).toEqual([]);
});

function blocksOf(path: string) {
  return codeBlocksOf({ path, text: read(path) });
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
