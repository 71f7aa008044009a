/** What separates the cells of CSV text, and how many characters come before its first record: a line `sep=;` as Excel writes it. */
export interface CsvStart {
  delimiter: string;
  length: number;
}

/** By what the text names itself, else by whichever of comma, semicolon and tab its first line has most of. */
export function csvStartOf(text: string): CsvStart {
  const start = /^\n*(?:sep=(.)\n|"sep=(.)"\n)?/i.exec(text) as RegExpExecArray;
  const length = start[0].length;
  return { delimiter: start[1] ?? start[2] ?? mostFrequent(text.slice(length)), length };
}

function mostFrequent(text: string): string {
  const heading = text.slice(0, text.indexOf('\n') === -1 ? undefined : text.indexOf('\n')).replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => heading.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
