import { createGoogleKeySet } from '@id-token-guard/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type AuthorizationValue,
  acceptedInputs,
  authorizationOf,
  codeInHeader,
  createKit,
  hostileFamilies,
  travelsOverHttp,
} from '../../core/hostile/catalogue.ts';
import { jwksAnswers } from '../../core/hostile/families/jwks-answers.ts';
import { forgeRemembered, rememberedInputs } from '../../core/hostile/families/remembered.ts';
import { piecesIn, valuesIn } from '../../core/hostile/leaks.ts';
import { watchPrototypes } from '../../core/hostile/prototypes.ts';
import { createWorld } from '../../core/hostile/remembered-world.ts';
import { watchNetwork } from '../../core/hostile/watch-network.ts';
import { startJwksServer } from '../../core/keys/jwks-server.ts';
import { guardOptions, idToken } from '../support/fixtures.ts';
import { type Connection, openConnection } from '../support/raw-http.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, type Service, startService } from '../support/service.ts';

/** What Node.js takes of headers; a longer request is refused before the guard sees it. */
const MAX_HEAD_LENGTH = 16 * 1024;

const kit = await createKit();

/** The whole catalogue against a guard that remembers a good token, over one connection as far as Node.js keeps it. */
export function describeHostileInputs<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe('hostile input over one connection', () => {
    test.each(Object.entries(hostileFamilies))('%s', async (_, inputs) => {
      const { service, connection } = await startRemembering(adapter);
      const changedPrototypes = watchPrototypes();
      const network = watchNetwork();
      onTestFinished(() => network.stop());

      for (const input of inputs) {
        const authorization = await authorizationOf(input, kit);
        if (!travelsOverHttp(authorization)) {
          continue;
        }
        const request = requestWith(authorization);
        if (request.length > MAX_HEAD_LENGTH) {
          await expectTooLarge(service, request);
          continue;
        }
        if (input.code === 'key_unknown') {
          kit.passRation();
        }
        const answer = await connection.exchange(request);
        expectNamed(input.name, () => expectRefused(service, answer, codeInHeader(input, authorization)));
        const sent = [authorization ?? []].flat().join('.');
        expect([input.name, piecesIn(answer.text, sent), valuesIn(answer.text, sent)]).toEqual([input.name, [], []]);
      }

      expect(changedPrototypes()).toEqual([]);
      expect(network.seen.filter((request) => request !== `tcp 127.0.0.1:${service.port}`)).toEqual([]);
    });

    test('and odd input that is good is let in between', async () => {
      const { service, connection } = await startRemembering(adapter);

      for (const input of acceptedInputs) {
        const authorization = await authorizationOf(input, kit);
        const request = requestWith(authorization);
        if (travelsOverHttp(authorization) && request.length <= MAX_HEAD_LENGTH) {
          const { status } = await connection.exchange(request);
          expect([input.name, status]).toEqual([input.name, 200]);
        }
      }

      expect(service.failures).toEqual([]);
    });
  });

  describe('a token that is', () => {
    test.each(rememberedInputs.map((input) => [input.name, input] as const))('%s, is refused', async (_, input) => {
      const forged = forgeRemembered(input, kit);
      const { options, moveOn } = createWorld(forged);
      const service = await startService(adapter, options);
      expect((await service.get(`Authorization: Bearer ${forged.token}`)).status).toBe(200);
      moveOn();

      const answer = await service.get(`Authorization: Bearer ${forged.attempt}`);

      expectRefused(withoutHandled(service, 1), answer, input.code);
    });
  });

  test('a key URL that has not answered with keys yet, whatever it answers with, makes a cold service ask to try later', async () => {
    const server = await startJwksServer((response) => void response.end());
    onTestFinished(() => server.close());
    for (const { name, answer: answerWith } of jwksAnswers.filter(({ endless }) => !endless)) {
      server.answerWith(answerWith({ keys: [...kit.google.jwks.keys] }));
      const service = await startService(adapter, { ...guardOptions(), keys: createGoogleKeySet({ url: server.url }) });

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expectNamed(name, () => expectRefused(service, answer, 'keys_unavailable'));
    }
  });
}

/** A service that has let a good token in and remembers it, and says no more of it. */
async function startRemembering<OnRefused>(
  adapter: Adapter<OnRefused>,
): Promise<{ service: Service; connection: Connection }> {
  const started = await startService(adapter, kit.options);
  const connection = openConnection(started.port);
  onTestFinished(() => connection.close());
  expect((await connection.exchange(requestWith(`Bearer ${kit.token()}`))).status).toBe(200);
  return { service: withoutHandled(started, 1), connection };
}

/** A service as it would be had its handler not run so often before. */
function withoutHandled(service: Service, count: number): Service {
  return {
    ...service,
    get handled() {
      return service.handled.slice(count);
    },
  };
}

/** Node.js hangs up on those, sometimes before its answer has been read: each has a connection of its own. */
async function expectTooLarge(service: Service, request: string): Promise<void> {
  const connection = openConnection(service.port);
  const { text, status } = await connection.exchange(request);
  connection.close();
  expect(text === '' ? 'reset' : status).toBeOneOf([431, 'reset']);
  expect(service.handled).toEqual([]);
}

function requestWith(authorization: AuthorizationValue): string {
  const lines = [authorization ?? []].flat().map((value) => `Authorization: ${value}`);
  return ['GET /orders HTTP/1.1', 'Host: api.example.com', ...lines, '', ''].join('\r\n');
}

/** Says which of many inputs it was. */
function expectNamed(name: string, expectation: () => void): void {
  try {
    expectation();
  } catch (error) {
    throw new Error(`At "${name}": ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
