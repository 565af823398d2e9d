import type { Target } from './target.ts';
import { bearer } from './targets/bearer.ts';
import { callers } from './targets/callers.ts';
import { configuration } from './targets/configuration.ts';
import { guards } from './targets/guards.ts';
import { keySet } from './targets/key-set.ts';
import { keys } from './targets/keys.ts';
import { parser } from './targets/parser.ts';
import { requestUrls } from './targets/request-urls.ts';
import { senders } from './targets/senders.ts';
import { urls } from './targets/urls.ts';
import { verifier } from './targets/verifier.ts';

/** All there is to fuzz, in the way of a request. */
export const targets: readonly Target[] = [
  bearer,
  parser,
  keys,
  keySet,
  urls,
  requestUrls,
  callers,
  verifier,
  guards,
  configuration,
  senders,
];
