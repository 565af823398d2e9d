/*
 * Asks for a token whenever the request changes, and for its checks whenever anything does.
 */
import type { ExplainAnswer, MintAnswer } from './answers.ts';
import { ask, ProblemError } from './ask.ts';
import { enableCopying } from './copying.ts';
import { find } from './elements.ts';
import { showProblem, valuesOf } from './form.ts';
import { showFields } from './request-form.ts';
import { followRequest } from './service-form.ts';
import { showExplained, showMinted, showNothingExplained, showNothingMinted, showVerdict } from './show.ts';
import { chosenTampering, enableTampering } from './tampering.ts';

/** While somebody types. */
const PAUSE_MILLIS = 200;

const requestForm: HTMLFormElement = find('#request');
const serviceForm: HTMLFormElement = find('#service');
const main = find('main');

let minted: MintAnswer | undefined;
let current = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

requestForm.addEventListener('input', () => requestChanged(PAUSE_MILLIS));
serviceForm.addEventListener('input', () => update(PAUSE_MILLIS));
for (const [form, submitted] of [
  [requestForm, () => requestChanged(0)],
  [serviceForm, () => update(0)],
] as const) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submitted();
  });
}
// Meanwhile the token may have expired.
document.addEventListener('visibilitychange', () => update(0));
enableTampering(() => requestChanged(0));
enableCopying();
requestChanged(0);

function requestChanged(pauseMillis: number): void {
  minted = undefined;
  showFields();
  followRequest();
  update(pauseMillis);
}

/** Later changes overtake: what is under way is given up. */
function update(pauseMillis: number): void {
  clearTimeout(timer);
  current.abort();
  main.ariaBusy = 'true';
  timer = setTimeout(() => {
    current = new AbortController();
    void showAll(current.signal);
  }, pauseMillis);
}

async function showAll(signal: AbortSignal): Promise<void> {
  try {
    minted ??= await showingProblem(requestForm, () => mint(signal));
    showMinted(minted);
    const { token } = minted;
    showExplained(await showingProblem(serviceForm, () => explain(token, signal)));
  } catch (error) {
    if (signal.aborted) {
      return;
    }
    showFailure(error);
  }
  main.ariaBusy = 'false';
}

function mint(signal: AbortSignal): Promise<MintAnswer> {
  return ask('/page/mint', { ...valuesOf(requestForm), tampering: chosenTampering() }, signal);
}

function explain(token: string, signal: AbortSignal): Promise<ExplainAnswer> {
  return ask('/page/explain', { ...valuesOf(serviceForm), token }, signal);
}

async function showingProblem<Answer>(form: HTMLFormElement, work: () => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await work();
    showProblem(form);
    return answer;
  } catch (error) {
    if (error instanceof ProblemError) {
      showProblem(form, error.problem);
    }
    throw error;
  }
}

function showFailure(error: unknown): void {
  showNothingExplained();
  if (minted === undefined) {
    showNothingMinted();
  }
  if (!(error instanceof ProblemError)) {
    // Such as a failed fetch, which browsers tell in different words.
    showVerdict('undecided', 'No answer:', 'is the local Google still running?');
  } else if (minted === undefined) {
    showVerdict('undecided', 'No token:', error.message);
  } else {
    showVerdict('refused', 'Your service would not start:', error.message);
  }
}
