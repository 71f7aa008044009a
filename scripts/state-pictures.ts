/** Draws the state machines into docs/updates.md, from the tables that the journal goes by. */
import { readFileSync, writeFileSync } from 'node:fs';
import { deviceTransitions, updateTransitions } from '../src/main/updates/state-machine.ts';

const file = new URL('../docs/updates.md', import.meta.url);
const [begin, end] = ['<!-- states: made by scripts/state-pictures.ts -->', '<!-- /states -->'];

const picture = (title: string, first: readonly string[], table: Readonly<Record<string, readonly string[]>>) =>
  [
    `**${title}**`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...first.map((state) => `  [*] --> ${state}`),
    ...Object.entries(table).flatMap(([from, to]) => to.map((state) => `  ${from} --> ${state}`)),
    '```',
    '',
  ].join('\n');

/** The text with its pictures drawn anew. */
export function withPictures(text: string): string {
  const pictures = [
    picture('Of an update', ['scheduled', 'running'], updateTransitions),
    picture('Of one of its devices', ['pending'], deviceTransitions),
  ];
  const [before, rest = ''] = text.split(begin);
  return `${before}${begin}\n\n${pictures.join('\n')}\n${end}${rest.split(end)[1]}`;
}

if (import.meta.main) writeFileSync(file, withPictures(readFileSync(file, 'utf8')));
