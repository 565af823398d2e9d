/*
 * Holds what was answered against what the handler did: it runs once for a request that was accepted, and for no other.
 */
import { isBad, type Kind } from './kinds.ts';

export interface Ledger {
  sent(id: string, kind: Kind): void;
  handled(id: string): void;
  answered(id: string, how: 'accepted' | 'refused' | 'lost'): void;
  /** To be called when nothing is under way any more. */
  close(): void;
}

interface Entry {
  readonly kind: Kind;
  handled: boolean;
  answer: 'accepted' | 'refused' | 'lost' | undefined;
}

/** @param onViolation is told in words */
export function createLedger(onViolation: (text: string) => void): Ledger {
  const entries = new Map<string, Entry>();
  return {
    sent(id, kind) {
      entries.set(id, { kind, handled: false, answer: undefined });
    },
    handled(id) {
      const entry = entries.get(id);
      if (entry === undefined || entry.handled) {
        onViolation(`The handler ran twice for one request (${id}), or for one that was never sent.`);
        return;
      }
      if (isBad(entry.kind)) {
        onViolation(`The handler ran for a bad request (${entry.kind}).`);
      }
      entry.handled = true;
      settle(id, entry);
    },
    answered(id, how) {
      const entry = entries.get(id);
      if (entry !== undefined) {
        entry.answer = how;
        settle(id, entry);
      }
    },
    close() {
      for (const { kind, answer, handled } of entries.values()) {
        if (answer === 'accepted' && !handled) {
          onViolation(`A request (${kind}) was answered with 200 although no handler ran.`);
        }
      }
    },
  };

  /** Messages of a service come later than its answers, or earlier. */
  function settle(id: string, { kind, handled, answer }: Entry): void {
    if (handled && answer === 'refused') {
      onViolation(`The handler ran for a request (${kind}) that was refused.`);
    }
    if (handled && answer === 'accepted') {
      // Emptied, not deleted: a second run of the handler must be noticed.
      entries.set(id, SETTLED);
    }
  }
}

const SETTLED: Entry = { kind: 'fresh', handled: true, answer: 'accepted' };
