import { anyCaller } from './caller.ts';
import type { CallerRule } from './caller-rule.ts';
import { serviceAccount, subject, user, workspaceDomain } from './caller-rules.ts';

/**
 * The rule that a word means, for tools: an e-mail, a unique id, a Workspace domain, or `any`.
 *
 * @throws TypeError where it is none of these
 */
export function callerRule(word: string): CallerRule {
  if (word === 'any') {
    return anyCaller;
  }
  if (/^\d+$/.test(word)) {
    return subject(word);
  }
  if (word.endsWith('.gserviceaccount.com')) {
    return serviceAccount(word);
  }
  return word.includes('@') ? user(word) : workspaceDomain(word);
}
