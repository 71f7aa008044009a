import type { ErrorDetail } from '../../../../shared/errors.ts';
import { splitWords, type WordRules } from '../words.ts';

/** A `Host` block and the settings in it, in the order of the file. */
export interface HostBlock {
  line: number;
  patterns: string[];
  /** Keywords in lower case. */
  settings: { keyword: string; value: string }[];
}

/** Words as OpenSSH splits them (`argv_split` in its misc.c). */
const rules: WordRules = { escapable: { bare: /["'\\ ]/, quoted: /["'\\]/ }, commentInWord: false };

/** The blocks of an OpenSSH client configuration (ssh_config(5)); what stands before the first one is a block for every host. */
export function readBlocks(text: string): { blocks: HostBlock[]; faults: ErrorDetail[] } {
  let block: HostBlock = { line: 1, patterns: ['*'], settings: [] };
  const blocks = [block];
  const faults: ErrorDetail[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    const [, keyword = '', rest = ''] = /^\s*([^\s=#"]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(content) ?? [];
    const words = splitWords(rest, rules);
    const fault = (message: string) => void faults.push({ line, field: keyword || undefined, message });
    const lower = keyword.toLowerCase();
    if (keyword === '') {
      if (!/^\s*(#|$)/.test(content)) fault('is not a setting of ssh_config; write a keyword and its value');
    } else if (words === undefined) {
      fault('a quote is not closed on this line');
    } else if (words.length === 0) {
      fault('has no value; give it one, or remove the line');
    } else if (lower === 'include') {
      fault('is not followed; import the included file too, or paste it here');
    } else if (lower === 'host' || (lower === 'match' && words.length === 1 && words[0]?.toLowerCase() === 'all')) {
      block = { line, patterns: lower === 'host' ? words : ['*'], settings: [] };
      blocks.push(block);
    } else if (lower === 'match') {
      fault('is not followed, as it may depend on this computer; write a Host block instead, or remove it');
      block = { line, patterns: [], settings: [] };
    } else {
      block.settings.push({ keyword: lower, value: words[0] ?? '' });
    }
  }
  return { blocks, faults };
}
