/*
 * The first program of each README that has a server is started as it stands, and called: it answers what the README of
 * the project shows.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { documentAt, documents } from './support/documents.ts';
import { codeBlocksOf } from './support/markdown.ts';
import { fileOf, writeProject } from './support/programs.ts';
import type { Started } from './support/with-fake-google.ts';

const PRELOAD = fileURLToPath(new URL('support/with-fake-google.ts', import.meta.url));

const programs = documents
  .filter(({ path }) => /(^|\/)README(\.\w+)?\.md$/.test(path))
  .flatMap((readme) => codeBlocksOf(readme).find(({ language }) => language === 'ts') ?? [])
  .filter(({ text }) => text.includes('listen('));
const project = writeProject(programs);
const readme = codeBlocksOf(documentAt('README.md'));

test('the README of the project and those of servers have such a program', () => {
  expect(programs.map(({ document }) => document)).toEqual(
    expect.arrayContaining([
      'README.md',
      ...['core', 'express', 'fastify', 'koa'].map((name) => `packages/${name}/README.md`),
    ]),
  );
});

describe.each(programs)('the program of $document', (program) => {
  let started: Started;
  beforeAll(async () => {
    const child = fork(join(project, fileOf(program)), { cwd: project, execArgv: ['--import', PRELOAD] });
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    started = message;
    return () => child.kill();
  }, 60_000);

  test('greets the caller as the README shows', async () => {
    const response = await call(started.token);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(JSON.parse(shown('json')));
  });

  test('refuses a token for another audience as the README shows', async () => {
    const response = await call(started.tokenForAnotherAudience);

    const [head = '', body] = shown('http').trim().split('\n\n');
    const [status, ...headers] = head.split('\n');
    expect(`HTTP/1.1 ${response.status} ${response.statusText}`).toBe(status);
    expect(headers.length).toBeGreaterThan(0);
    for (const [name = '', value] of headers.map((line) => line.split(': '))) {
      expect(response.headers.get(name)).toBe(value);
    }
    expect(await response.text()).toBe(body);
  });

  function call(token: string): Promise<Response> {
    return fetch(`${started.url}/hello`, { headers: { authorization: `Bearer ${token}` } });
  }
});

/** What the README of the project shows in a language. */
function shown(language: string): string {
  return readme.find((block) => block.language === language)?.text ?? expect.fail(`No ${language} in README.md.`);
}
