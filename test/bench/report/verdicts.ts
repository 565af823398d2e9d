import type { Results } from '../measuring/results.ts';
import { markdownTable } from './markdown.ts';
import type { Demand, Target } from './targets.ts';

export interface Verdict {
  readonly target: Target;
  /** `undefined`: not measured. */
  readonly measured: number | undefined;
  readonly byCpu: number | undefined;
  readonly met: boolean | undefined;
}

export function judge(targets: readonly Target[], results: Results): Verdict[] {
  return targets.map((target) => {
    const measured = target.measured(results);
    return {
      target,
      measured,
      byCpu: target.byCpu?.(results),
      met: measured === undefined ? undefined : meets(measured, target.demand),
    };
  });
}

function meets(measured: number, demand: Demand): boolean {
  return 'atMost' in demand ? measured <= demand.atMost : measured >= demand.atLeast;
}

export function verdictTable(verdicts: readonly Verdict[]): string {
  return markdownTable(
    ['', 'target', 'measured', 'met', 'by CPU'],
    verdicts.map(({ target: { name, demand }, measured, met, byCpu }) => [
      name,
      'atMost' in demand ? `≤ ${demand.atMost}` : `≥ ${demand.atLeast}`,
      measured?.toFixed(2) ?? 'not measured',
      met === undefined ? '–' : met ? 'yes' : '**no**',
      byCpu?.toFixed(2) ?? '–',
    ]),
  );
}
