import { textTable } from '../commands/text-table.ts';
import { KINDS, type Kind, type Outcome, STATUS } from './kinds.ts';
import type { ServiceReport, SoakReport } from './report.ts';

/** The report as lines of text. */
export function tables(report: SoakReport): string {
  const { seconds, seed, node, requests, good, accepted, excused, stalled, bad, restarts, violations, examples } =
    report;
  return [
    `${textTable([HEADINGS, ...report.services.map(row)])}\n`,
    'Refused, by code:',
    `${textTable([['', ...report.services.map(({ name }) => name)], ...codeRows(report.services)])}\n`,
    'What each kind of request got:',
    `${textTable([['', 'answers'], ...kindRows(report.services)])}\n`,
    `${seconds} s on Node.js ${node}, seed ${seed}: ${whole(requests)} requests, ${restarts} restarts.`,
    `Good ones: ${whole(good)} answered, ${whole(accepted)} accepted, ${whole(excused)} refused within a documented window.`,
    `Bad ones, and of a withdrawn key: ${whole(bad)}. Violations: ${whole(violations)}.`,
    ...(stalled === 0 ? [] : [`503 because this machine was too busy: ${whole(stalled)}.`]),
    ...examples.map(({ service, at, text }) => `  ${at} s, ${service}: ${text}`),
  ].join('\n');
}

const HEADINGS = [
  'service',
  'requests',
  'good',
  'accepted',
  'in a window',
  'p50 ms',
  'p99 ms',
  'heap MiB: warm … end (* new process)',
  'restarts',
  'lost',
  'key requests',
];

function row(service: ServiceReport): string[] {
  return [
    service.name,
    whole(service.requests),
    whole(service.good),
    whole(service.accepted),
    whole(service.excused),
    service.p50Ms.toFixed(1),
    service.p99Ms.toFixed(1),
    heap(service),
    whole(service.restarts),
    whole(service.lost),
    `${whole(service.keyRequests)} ≤ ${whole(service.keyRequestLimit)}`,
  ];
}

function heap({ heap: samples }: ServiceReport): string {
  return samples
    .map(({ bytes, life }, index) => {
      const isNew = index > 0 && life !== samples[index - 1]?.life;
      return `${(bytes / 2 ** 20).toFixed(1)}${isNew ? '*' : ''}`;
    })
    .join(' ');
}

function codeRows(services: readonly ServiceReport[]): string[][] {
  const codes = (Object.keys(STATUS) as Outcome[]).filter((code) => code !== 'accepted');
  return codes
    .map((code) => [code, ...services.map((service) => whole(sum(kinds, (kind) => counted(service, kind, code))))])
    .filter(([, ...counts]) => counts.some((each) => each !== '0'));
}

function kindRows(services: readonly ServiceReport[]): string[][] {
  return kinds.map((kind) => {
    const counts = (Object.keys(STATUS) as Outcome[])
      .map((outcome) => ({ outcome, count: sum(services, (service) => counted(service, kind, outcome)) }))
      .filter(({ count }) => count > 0);
    return [kind, counts.map(({ outcome, count }) => `${whole(count)} ${outcome}`).join(', ')];
  });
}

const kinds = Object.keys(KINDS) as Kind[];

function counted({ outcomes }: ServiceReport, kind: Kind, outcome: Outcome): number {
  return outcomes[kind]?.[outcome] ?? 0;
}

function sum<T>(values: readonly T[], size: (value: T) => number): number {
  return values.reduce((total, value) => total + size(value), 0);
}

function whole(value: number): string {
  return value.toLocaleString('en');
}
