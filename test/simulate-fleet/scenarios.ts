const HOUR = 3_600_000;

/** What happens to Google while the fleet runs. In milliseconds since the start. */
export interface Scenario {
  readonly name: string;
  readonly duration: number;
  readonly outage: { readonly from: number; readonly to: number };
  readonly rotations: readonly Rotation[];
}

/** A new key. */
export interface Rotation {
  readonly publishedAt: number;
  readonly signsFrom: number;
  /** Nobody serves an older document from then on, as after a leak. */
  readonly urgent: boolean;
}

/** Google publishes a key before it signs with it: longer than a cache keeps a document, and an outage longer yet. */
const NOTICE = 12 * HOUR;

/**
 * A day in which Google signs with a new key early on, in the middle of the outage, and, without notice, late in the
 * day.
 */
function scenario(name: string, hours: number, outageHours: number): Scenario {
  const duration = hours * HOUR;
  const announced = (signsFrom: number) => ({ publishedAt: signsFrom - NOTICE, signsFrom, urgent: false });
  return {
    name,
    duration,
    outage: { from: duration / 2 - (outageHours * HOUR) / 2, to: duration / 2 + (outageHours * HOUR) / 2 },
    rotations: [
      announced(Number.NEGATIVE_INFINITY),
      announced(0.2 * duration),
      announced(0.5 * duration),
      { publishedAt: 0.8 * duration, signsFrom: 0.8 * duration, urgent: true },
    ],
  };
}

export function createScenarios(hours: number): readonly Scenario[] {
  return [scenario('1 h outage', hours, 1), scenario('3 h outage', hours, 3)];
}
