/*
 * Processes of our own that answer questions, one at a time. Work is divided among them so that nobody pays for another.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Child {
  /** @throws Error where the process ends without an answer, or answers that it failed */
  ask<Answer>(question: object): Promise<Answer>;
  /** Ends it. */
  end(): void;
}

interface Answered {
  readonly answer?: unknown;
  readonly failure?: string;
}

/** @param execArgv options of Node.js for it */
export function startChild(module: string, args: readonly string[] = [], execArgv: readonly string[] = []): Child {
  const child = fork(fileURLToPath(module), [...args], { execArgv: [...execArgv], serialization: 'advanced' });
  return {
    ask: (question) => ask(child, module, question),
    end: () => void (child.connected && child.disconnect()),
  };
}

function ask<Answer>(child: ChildProcess, module: string, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`${module} has ended without an answer.`));
    child.once('exit', onExit);
    child.once('message', ({ answer, failure }: Answered) => {
      child.off('exit', onExit);
      if (failure === undefined) {
        resolve(answer as Answer);
      } else {
        reject(new Error(failure));
      }
    });
    child.send(question, (error) => error && reject(error));
  });
}

/** In such a process: answers questions until the one who asks has gone. */
export function answerQuestions<Question>(answer: (question: Question) => unknown): void {
  process.on('disconnect', () => process.exit());
  process.on('message', async (question: Question) => {
    try {
      send({ answer: await answer(question) });
    } catch (error) {
      send({ failure: error instanceof Error ? `${error.stack}` : String(error) });
    }
  });
}

function send(message: Answered): void {
  process.send?.(message);
}

/** Whether a module is the program that runs, and not imported by another. */
export function isProgram(module: string): boolean {
  return process.argv[1] === fileURLToPath(module) && process.send !== undefined;
}
