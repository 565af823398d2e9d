import { Hono } from 'hono';
import type { Emulator } from '../emulator.ts';
import { icon, page, script, style } from './assets.ts';
import { explain } from './explain.ts';
import { answerInput } from './input.ts';
import { mint } from './mint.ts';
import { createTamperer } from './tamper.ts';
import { wantsPage } from './wants-page.ts';

/** What is below `/page`: what the page for people consists of, and what it asks. */
export function pageRoutes(emulator: Emulator): Hono {
  const tamperWith = createTamperer();
  return new Hono()
    .get('/style.css', style)
    .get('/icon.svg', icon)
    .get('/script.js', script)
    .post('/mint', (c) => answerInput(c.req.raw, (input) => mint(emulator, tamperWith, input)))
    .post('/explain', (c) => answerInput(c.req.raw, (input) => explain(emulator, input)));
}

/** The page at `/`, for browsers only: for all others that is the root of the metadata server, whose header both have. */
export function pageFor(request: Request): Response | undefined {
  if (!wantsPage(request)) {
    return undefined;
  }
  const answer = page();
  answer.headers.set('metadata-flavor', 'Google');
  answer.headers.set('vary', 'Accept, Metadata-Flavor');
  return answer;
}
