/** One simple command of a shell line (POSIX XCU 2.9.1): its words, and where its input and output go. */
export interface CommandLine {
  words: string[];
  input: string | undefined;
  output: string | undefined;
  /** It runs only when the one before it failed (`||`) or did not (`&&`); the first runs always. */
  joinedBy: '||' | '&&' | undefined;
}

/**
 * Reads words, single and double quotes, backslashes, `<`, `>`, `||` and `&&`: what a firmware tool sends to a device.
 * Throws an Error for any other shell syntax.
 */
export function parseCommandLine(text: string): CommandLine[] {
  const begin = (joinedBy: CommandLine['joinedBy']) => ({ words: [], input: undefined, output: undefined, joinedBy });
  let line: CommandLine = begin(undefined);
  const lines = [line];
  let target: 'words' | 'input' | 'output' = 'words';
  for (const token of tokensOf(text)) {
    if (token.operator && target !== 'words') break;
    if (token.operator && (token.text === '||' || token.text === '&&')) {
      line = begin(token.text);
      lines.push(line);
    } else if (token.operator) {
      target = token.text === '<' ? 'input' : 'output';
    } else {
      if (target === 'words') line.words.push(token.text);
      else line[target] = token.text;
      target = 'words';
    }
  }
  if (target !== 'words') throw new Error('syntax error: a file name is missing');
  return lines;
}

interface Token {
  text: string;
  operator: boolean;
}

const lexeme = /\s+|[<>]|\|\||&&|(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s<>'"\\|&;()$`])+|./gsu;
const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)/gsu;

function* tokensOf(text: string): Generator<Token> {
  for (const [found] of text.matchAll(lexeme)) {
    if (/^\s+$/.test(found)) continue;
    if (['<', '>', '||', '&&'].includes(found)) yield { text: found, operator: true };
    else if (/^['"\\|&;()$`]$/.test(found)) throw new Error(`syntax error near "${found}"`);
    else yield { text: unquote(found), operator: false };
  }
}

function unquote(word: string): string {
  return word.replace(part, (_, single?: string, double?: string, escaped?: string, plain?: string) => {
    return single ?? double?.replace(/\\([\\"$`])/g, '$1') ?? escaped ?? plain ?? '';
  });
}
