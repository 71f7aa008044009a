import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { type ErrorDetail, hintFor, type PushrodError } from '../shared/errors.ts';
import { printable, printableLines } from './table.ts';

/** Where a command speaks: JSON on standard output when asked for, else text for people. */
export interface Terminal {
  json: boolean;
  dataDir: string;
  /** The shared registry that was asked for. */
  registry: string | undefined;
  /** The one document of a command: as JSON, or as the text people read. */
  document(value: unknown, forPeople: () => string): void;
  /** One line of JSON on standard output. */
  jsonLine(value: unknown): void;
  /** A line for people, on standard error, so that it never mixes with JSON; `mark` stands before it, in colour. */
  note(line: string, mark?: { text: string; color: 'green' | 'red' | 'yellow' }): void;
  fail(error: PushrodError): void;
  /** All of standard input. */
  input(): Promise<string>;
  /** One line of standard input; typed at a terminal, it is asked for and not shown. */
  secret(prompt: string): Promise<string>;
}

export function createTerminal({ json, dataDir, registry }: Pick<Terminal, 'json' | 'dataDir' | 'registry'>): Terminal {
  // A reader that has seen enough (`| head`) is no failure, and a push goes on without it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const jsonLine = (value: unknown) => void process.stdout.write(`${JSON.stringify(value)}\n`);
  return {
    json,
    dataDir,
    registry,
    jsonLine,
    document(value, forPeople) {
      if (json) jsonLine(value);
      else process.stdout.write(`${printableLines(forPeople())}\n`);
    },
    note(line, mark) {
      const start = mark ? `${styleText(mark.color, mark.text, { stream: process.stderr })} ` : '';
      process.stderr.write(`${start}${printableLines(line)}\n`);
    },
    fail(error) {
      const { code, message, details } = error;
      const hint = hintFor(code);
      if (json) jsonLine({ error: { code, message, hint, details } });
      else process.stderr.write(`${describe(message, details, hint)}\n`);
    },
    input: () => readText(process.stdin),
    secret: (prompt) => (process.stdin.isTTY ? askSecret(prompt) : readText(process.stdin).then(firstLine)),
  };
}

const firstLine = (text: string) => text.split(/\r?\n/)[0] ?? '';

async function askSecret(prompt: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  asking.on('SIGINT', () => process.exit(130));
  process.stderr.write(`${prompt}: `);
  try {
    return await asking.question('');
  } finally {
    process.stderr.write('\n');
    asking.close();
  }
}

function describe(message: string, details: ErrorDetail[], hint: string): string {
  const unsaid = details.filter((detail) => detail.line !== undefined || !message.includes(detail.message));
  const lines = unsaid.map(({ line, field, message: said }) => {
    const where = [line === undefined ? undefined : `line ${line}`, field].filter(Boolean).join(', ');
    return `  ${where === '' ? said : `${where}: ${said}`}`;
  });
  const said = styleText('red', printableLines(message), { stream: process.stderr });
  return [said, ...lines.map(printable), hint].join('\n');
}
