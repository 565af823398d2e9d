/** Something that happens at a point of virtual time. */
interface Event {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly action: () => void;
}

/** Hands out events in the order of their time: a binary heap. */
export interface EventQueue {
  add(event: Event): void;
  takeFirst(): Event | undefined;
}

export function createEventQueue(): EventQueue {
  const heap: Event[] = [];

  function isBefore(one: number, other: number): boolean {
    return (heap[one]?.at ?? Number.POSITIVE_INFINITY) < (heap[other]?.at ?? Number.POSITIVE_INFINITY);
  }

  function swap(one: number, other: number): void {
    [heap[one], heap[other]] = [heap[other] as Event, heap[one] as Event];
  }

  return {
    add(event) {
      let index = heap.push(event) - 1;
      for (let parent = (index - 1) >> 1; index > 0 && isBefore(index, parent); parent = (index - 1) >> 1) {
        swap(index, parent);
        index = parent;
      }
    },
    takeFirst() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) {
        return first;
      }
      heap[0] = last;
      for (let index = 0; ; ) {
        const [left, right] = [2 * index + 1, 2 * index + 2];
        const child = isBefore(right, left) ? right : left;
        if (!isBefore(child, index)) {
          return first;
        }
        swap(index, child);
        index = child;
      }
    },
  };
}
