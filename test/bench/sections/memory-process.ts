/*
 * One contestant in a process of its own, which verifies all that it is given and tells what memory that has left it with.
 */
import type { Verify } from '../contestants/contestant.ts';
import { enter, entries } from '../contestants/registry.ts';
import type { Trust } from '../google/world.ts';
import { answerQuestions, isProgram, startChild } from '../measuring/child.ts';
import { type Memory, memoryInUse } from '../measuring/memory-in-use.ts';

export interface Consumer {
  verify(tokens: readonly string[]): Promise<void>;
  /** In bytes, with all garbage collected. */
  memory(): Promise<Memory>;
  close(): void;
}

type Question =
  | { readonly name: string; readonly trust: Trust }
  | { readonly tokens: readonly string[] }
  | { readonly memory: true };

export async function startConsumer(name: string, trust: Trust): Promise<Consumer> {
  const child = startChild(import.meta.url, [], ['--expose-gc']);
  await child.ask({ name, trust } satisfies Question);
  return {
    verify: (tokens) => child.ask({ tokens } satisfies Question),
    memory: () => child.ask({ memory: true } satisfies Question),
    close: () => child.end(),
  };
}

if (isProgram(import.meta.url)) {
  let verify: Verify | undefined;
  answerQuestions(async (question: Question) => {
    if ('name' in question) {
      verify = await enterByName(question.name, question.trust);
    } else if ('tokens' in question) {
      for (const token of question.tokens) {
        await verify?.(token);
      }
    } else {
      return memoryInUse();
    }
    return undefined;
  });
}

async function enterByName(name: string, trust: Trust): Promise<Verify> {
  const entry = entries.find((each) => each.name === name);
  if (entry === undefined) {
    throw new RangeError(`There is no contestant ${name}.`);
  }
  return enter(entry, trust);
}
