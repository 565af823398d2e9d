import { anyCaller, type CallerRule, serviceAccount, subject, user, workspaceDomain } from '@id-token-guard/core';

/** The rule that a word means: an e-mail, a unique id, a Workspace domain, or `any`. */
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
