const kinds: [RegExp, string][] = [
  [/\.(part|crdownload|download|partial|filepart)$/i, 'is a download that has not finished; wait for it, then drop it'],
  [/\.(sha\d*|md5|sha\d*sums?)$|^(sha\d+|md5)sums?(\.txt)?$/i, 'is a list of checksums, not the firmware they are for'],
  [/\.(sig|asc|minisig|p7s)$/i, 'is a signature, not the firmware it is for'],
  [/\.(csv|tsv)$/i, 'is a list, not firmware; to import devices, close this sheet and drop it again'],
  [/\.(pdf|docx?|xlsx?|pptx?|odt|rtf|png|jpe?g|gif|heic)$/i, 'is a document or picture, not firmware'],
  [/\.(lnk|url|webloc)$/i, 'is a shortcut; drop the file it leads to'],
];

/** Why a file that was dropped or chosen is surely no firmware, in a sentence; `undefined` where it may be some. */
export function whyNoFirmware({ name, size }: { name: string; size: number }): string | undefined {
  const found = kinds.find(([pattern]) => pattern.test(name));
  if (found) return `"${name}" ${found[1]}.`;
  return size === 0 ? `"${name}" is empty; there is nothing to push in it.` : undefined;
}
