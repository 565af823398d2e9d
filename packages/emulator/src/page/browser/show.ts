import type { ExplainedCheck } from '@id-token-guard/core/explain';
import type { ExplainAnswer, MintAnswer } from './answers.ts';
import { showCopyable } from './copying.ts';
import { create, find } from './elements.ts';
import { rowsOf } from './words.ts';

const RESULTS: Readonly<Record<ExplainedCheck['result'], string>> = {
  passed: 'Pass',
  failed: 'Fail',
  not_checked: 'Skip',
};

const STEPS: Readonly<Record<ExplainedCheck['step'], string>> = {
  form: 'a signed JWT, with RS256 and a key id',
  key: 'one that Google publishes',
  signature: 'made with this key, over these bytes',
  claims: 'all there, and of the right types',
  issuer: 'Google Accounts',
  audience: 'one that the service accepts',
  time: 'not too early, not too late',
  caller: 'one that the service allows',
};

/** In one line, for everybody and for screen readers: what a guarded service does with the request. */
export function showVerdict(kind: 'accepted' | 'refused' | 'undecided', title: string, text: string): void {
  const verdict = find('#verdict');
  verdict.className = kind;
  // Only what differs is read out.
  if (verdict.textContent !== `${title} ${text}`) {
    verdict.replaceChildren(create('strong', '', title), ' ', text);
  }
}

export function showMinted(minted: MintAnswer): void {
  showCopyable('token', minted.token);
  showCopyable('curl', minted.curl);
  const now = Date.now() / 1000;
  const rows = [
    ...rowsOf(minted.claims, now),
    ...rowsOf(minted.header, now).map((row) => ({ ...row, name: `${row.name} (header)` })),
  ];
  find('#claims').replaceChildren(
    ...rows.map(({ name, value, words }) => {
      const meaning = words === undefined ? [] : [create('span', 'words', words)];
      const heading = create('th', '', ...breakableAtDots(name));
      heading.scope = 'row';
      return create('tr', '', heading, create('td', '', create('code', '', value), ...meaning));
    }),
  );
}

export function showExplained({ accepted, checks, refusal }: ExplainAnswer): void {
  find('#checks').replaceChildren(...checks.map(checkElement));
  if (refusal !== undefined) {
    showVerdict('refused', 'Refused:', `${refusal.status} ${refusal.code}. ${refusal.message}`);
  } else if (accepted) {
    showVerdict('accepted', 'Accepted:', `all ${checks.length} checks pass.`);
  } else {
    const skipped = checks.filter(({ result }) => result !== 'passed').map(({ step }) => step);
    showVerdict('undecided', 'Undecided:', `not checked: ${skipped.join(', ')}.`);
  }
}

/** Where there is no token, there is nothing to show of it. */
export function showNothingMinted(): void {
  showCopyable('token', '');
  showCopyable('curl', '');
  find('#claims').replaceChildren();
}

export function showNothingExplained(): void {
  find('#checks').replaceChildren();
}

function checkElement({ step, result, code, hint }: ExplainedCheck): HTMLLIElement {
  const words = create('span', 'what', create('strong', '', step), `: ${STEPS[step]} `);
  if (code !== undefined) {
    words.append(create('code', '', code));
  }
  const item = create('li', result, create('span', 'result', RESULTS[result]), words);
  if (hint !== undefined) {
    item.append(create('p', 'hint', result === 'not_checked' ? `Not checked: ${hint}` : hint));
  }
  return item;
}

function breakableAtDots(path: string): (string | Node)[] {
  return path.split(/(?<=\.)/).flatMap((part, index) => (index === 0 ? part : [document.createElement('wbr'), part]));
}
