import type { ServiceName } from './service-names.ts';

/** What a service is started with. */
export interface ServicePlan {
  readonly name: ServiceName;
  readonly jwksUrl: string;
  readonly clockStartedAt: number;
  /** A file with the keys to start with. */
  readonly snapshotFrom?: string | undefined;
  /** The file that the keys are written to at the end. */
  readonly snapshotTo: string;
}

/** What a service tells the soak. */
export type FromService =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'handled'; readonly id: string }
  | { readonly type: 'heap'; readonly bytes: number }
  /** It did not get to run for so long, on the clock of the soak. */
  | { readonly type: 'stall'; readonly from: number; readonly to: number }
  | { readonly type: 'fault'; readonly event: string; readonly text: string };
