import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withPictures } from '../../../scripts/state-pictures.ts';
import { isFinal } from '../../shared/model/index.ts';
import { deviceTransitions } from './state-machine.ts';

it('is in the docs as it is here: `node scripts/state-pictures.ts` draws it', () => {
  const text = readFileSync(new URL('../../../docs/updates.md', import.meta.url), 'utf8');
  expect(withPictures(text)).toBe(text);
});

it('has a way to an end from everywhere', () => {
  for (const state of Object.keys(deviceTransitions) as (keyof typeof deviceTransitions)[]) {
    const reached = new Set([state]);
    for (const one of reached) for (const next of deviceTransitions[one]) reached.add(next);
    expect([...reached].some(isFinal)).toBe(true);
  }
});
