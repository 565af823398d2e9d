import type { Emulator } from '../emulator.ts';
import type { Handler, Routes } from '../router.ts';
import { browserModule, icon, page, style } from './assets.ts';
import { explain } from './explain.ts';
import { answerInput } from './input.ts';
import { mint } from './mint.ts';
import { createTamperer } from './tamper.ts';
import { wantsPage } from './wants-page.ts';

/** What the page for people consists of, but for `GET /`, which is the metadata server's too. */
export function pageRoutes(emulator: Emulator): Routes {
  const tamperWith = createTamperer();
  return {
    'GET /page/style.css': style,
    'GET /page/icon.svg': icon,
    'GET /page/browser/{file}': (_, { file = '' }) => browserModule(file),
    'POST /page/mint': answerInput((input) => mint(emulator, tamperWith, input)),
    'POST /page/explain': answerInput((input) => explain(emulator, input)),
  };
}

/** Gives browsers the page, and all others the answer of the metadata server, whose header either has. */
export function pageOr(metadataRoot: () => Response): Handler {
  return (request) => {
    const root = metadataRoot();
    if (!wantsPage(request)) {
      return root;
    }
    const answer = page();
    answer.headers.set('metadata-flavor', root.headers.get('metadata-flavor') ?? '');
    answer.headers.set('vary', 'Accept, Metadata-Flavor');
    return answer;
  };
}
