import type { ForwardOptions } from '@id-token-guard/emulator';
import { UsageError } from './usage.ts';

/** Reads `SENDER=TARGET` or `SENDER=TARGET,AUDIENCE`; the target is checked by the Google that forwards. */
export function readForward(text: string): ForwardOptions {
  const [, sender, target, audience] =
    /^([^@=\s]+@[^=\s]+\.gserviceaccount\.com)=([^,\s]+)(?:,(\S+))?$/.exec(text) ?? [];
  if (sender === undefined || target === undefined || !URL.canParse(target)) {
    throw new UsageError(
      '--forward must be SENDER=TARGET, such as push@my-project.iam.gserviceaccount.com=http://127.0.0.1:3000/push.',
    );
  }
  return { sender, target, ...(audience === undefined ? {} : { audience }) };
}
