/*
 * What every adapter does, told once: a file per framework brings the framework and nothing else. Requests go over real
 * sockets to a real server, and every answer is compared with the same literal bytes.
 */
import { beforeEach, describe } from 'vitest';
import { describeArguments } from './behaviour/arguments.ts';
import { describeFailures } from './behaviour/failures.ts';
import { describeHostileInputs } from './behaviour/hostile.ts';
import { describeKeys } from './behaviour/keys.ts';
import { describeOnRefused } from './behaviour/on-refused.ts';
import { describeOptional } from './behaviour/optional.ts';
import { describeAcceptedRequests, describeRefusedRequests } from './behaviour/refusals.ts';
import { describeRequestHeaders } from './behaviour/request-headers.ts';
import { describeRequestUrl } from './behaviour/request-url.ts';
import { describeThrownValues } from './behaviour/thrown-values.ts';
import { google } from './support/fixtures.ts';
import type { Adapter } from './support/service.ts';

export function describeAdapter<OnRefused>(name: string, adapter: Adapter<OnRefused>): void {
  describe(`the guard for ${name}`, () => {
    beforeEach(() => google.answerWith('ok'));

    describeAcceptedRequests(adapter);
    describeRefusedRequests(adapter);
    describeRequestHeaders(adapter);
    describeRequestUrl(adapter);
    describeOnRefused(adapter);
    describeFailures(adapter);
    describeThrownValues(adapter);
    describeKeys(adapter);
    describeOptional(adapter);
    describeArguments(adapter);
    describeHostileInputs(adapter);
  });
}
