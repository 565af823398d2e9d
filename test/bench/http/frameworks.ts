import type { Framework } from './app.ts';

/** The files in this folder. */
export const frameworkFiles: readonly string[] = ['express', 'koa', 'hono', 'fastify', 'fetch'];

/** Load one after the other: two may bring the same module, in different ways. */
export async function loadFramework(file: string): Promise<Framework> {
  const { framework }: { framework: Framework } = await import(new URL(`./${file}.ts`, import.meta.url).href);
  return framework;
}
