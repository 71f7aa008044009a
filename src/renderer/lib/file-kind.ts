import type { Messages } from '../messages/catalogue.ts';
import { t } from '../messages/index.ts';
import { isSignature } from './signature-pairs.ts';

const kinds: [RegExp, Exclude<keyof Messages['push']['notFirmware'], 'folder'>][] = [
  [/\.(part|crdownload|download|partial|filepart)$/i, 'unfinished'],
  [/\.(sha\d*|md5|sha\d*sums?)$|^(sha\d+|md5)sums?(\.txt)?$/i, 'checksums'],
  [/\.minisig$/i, 'minisig'],
  [/\.(sig|asc|p7s)$/i, 'signature'],
  [/\.(csv|tsv)$/i, 'list'],
  [
    /\.(pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|md|html?|eml|png|jpe?g|gif|heic|webp|svg|bmp|tiff?|mp4|mov|mp3)$/i,
    'document',
  ],
  [/\.(lnk|url|webloc)$/i, 'shortcut'],
];

/**
 * Why files that were dropped or chosen together cannot be pushed, in a sentence; `undefined` where they may be. Signatures
 * may come along with what they are for.
 * @param isMore whether there are files already that a signature may be for
 */
export function whyNotPushed(files: readonly { name: string; size: number }[], isMore = false): string | undefined {
  const hasPlain = isMore || files.some((file) => !isSignature(file));
  const judged = hasPlain ? files.filter((file) => !isSignature(file)) : files;
  return judged.map(whyNoFirmware).find((why) => why !== undefined);
}

/** Why a file that was dropped or chosen is surely no firmware, in a sentence; `undefined` where it may be some. */
export function whyNoFirmware({ name, size }: { name: string; size: number }): string | undefined {
  const found = kinds.find(([pattern]) => pattern.test(name))?.[1];
  if (found) return t().push.notFirmware[found](name);
  return size === 0 ? t().push.notFirmware.empty(name) : undefined;
}
