import { expect, it } from 'vitest';
import type { DeliveryObserver } from './delivery.ts';
import { sumUp } from './sum-up.ts';

it('never takes back progress, whatever is begun anew, and counts each file once', () => {
  const told: number[] = [];
  const observer: DeliveryObserver = {
    entering: async () => undefined,
    progress: (bytesSent) => told.push(bytesSent),
    foundVersion: () => undefined,
    ran: () => undefined,
    decideHostKey: async () => ({ trusted: true }),
  };
  const summing = sumUp(observer);
  for (const bytes of [10, 60, 20, 100]) summing.progress(bytes);
  summing.next();
  for (const bytes of [5, 50]) summing.progress(bytes);
  expect(told).toEqual([10, 60, 60, 100, 105, 150]);
});
