import type { Messages } from '../messages/catalogue.ts';
import { t } from '../messages/index.ts';

const kinds: [RegExp, Exclude<keyof Messages['push']['notFirmware'], 'folder'>][] = [
  [/\.(part|crdownload|download|partial|filepart)$/i, 'unfinished'],
  [/\.(sha\d*|md5|sha\d*sums?)$|^(sha\d+|md5)sums?(\.txt)?$/i, 'checksums'],
  [/\.(sig|asc|minisig|p7s)$/i, 'signature'],
  [/\.(csv|tsv)$/i, 'list'],
  [/\.(pdf|docx?|xlsx?|pptx?|odt|rtf|png|jpe?g|gif|heic)$/i, 'document'],
  [/\.(lnk|url|webloc)$/i, 'shortcut'],
];

/** Why a file that was dropped or chosen is surely no firmware, in a sentence; `undefined` where it may be some. */
export function whyNoFirmware({ name, size }: { name: string; size: number }): string | undefined {
  const found = kinds.find(([pattern]) => pattern.test(name))?.[1];
  if (found) return t().push.notFirmware[found](name);
  return size === 0 ? t().push.notFirmware.empty(name) : undefined;
}
