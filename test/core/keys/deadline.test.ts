import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { within } from '../../../packages/core/src/keys/deadline.ts';

/** Listens to nothing. */
const never = () => new Promise<never>(() => {});

test('work that is done in time is what it is', async () => {
  expect(await within(60, 'Too late.', async () => 'done')).toBe('done');
  await expect(within(60, 'Too late.', () => Promise.reject(new Error('Failed.')))).rejects.toThrow('Failed.');
});

test('work that throws at once is a rejection like any other', async () => {
  const promise = within(60, 'Too late.', () => {
    throw new Error('Failed.');
  });

  await expect(promise).rejects.toThrow('Failed.');
});

test('work that is not done in time fails, whether or not it listens to the signal', async () => {
  let told: AbortSignal | undefined;
  const promise = within(0.01, 'Too late.', (signal) => {
    told = signal;
    return never();
  });

  await expect(promise).rejects.toThrow(new Error('Too late.'));
  expect(told?.aborted).toBe(true);
});

test('nothing listens to the signal any more when the work is done', async () => {
  let told: AbortSignal | undefined;
  await within(60, 'Too late.', async (signal) => {
    told = signal;
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  });

  expect(getEventListeners(told as AbortSignal, 'abort')).toHaveLength(0);
});
