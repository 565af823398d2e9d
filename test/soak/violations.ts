import type { ServiceName } from './service-names.ts';

export interface Violation {
  readonly service: ServiceName;
  /** In seconds on the wall, from the start. */
  readonly at: number;
  readonly text: string;
}

export interface Violations {
  readonly total: number;
  /** The first ones. */
  readonly examples: readonly Violation[];
  add(service: ServiceName, text: string): void;
}

const MAX_EXAMPLES = 50;

export function createViolations(secondsSinceStart: () => number): Violations {
  const examples: Violation[] = [];
  let total = 0;
  return {
    get total() {
      return total;
    },
    examples,
    add(service, text) {
      total += 1;
      if (examples.length < MAX_EXAMPLES) {
        examples.push({ service, at: Math.round(secondsSinceStart() * 10) / 10, text });
      }
    },
  };
}
