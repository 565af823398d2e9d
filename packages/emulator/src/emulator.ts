import type { FakeGoogle } from '@id-token-guard/testing';
import type { ServiceAccounts } from './service-accounts.ts';

/** What the endpoints share. */
export interface Emulator {
  readonly google: FakeGoogle;
  readonly accounts: ServiceAccounts;
  /** Such as `http://127.0.0.1:8585`. */
  readonly url: string;
  /** The account of the virtual machine whose metadata server this is. */
  readonly vmAccount: string;
}
