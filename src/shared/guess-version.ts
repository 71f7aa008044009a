const numbered = /(?:^|[-_. ])v?(\d+(?:\.\d+)+(?:-(?:alpha|beta|rc|dev|pre)[\w.]*)?)/i;
const extension = /\.(?:bin|img|swu|raucb|mender|ipk|deb|tar|gz|xz|zst|zip|fw|hex|itb|chk|trx)$/i;

/** The version a firmware file's name speaks of, such as `2.5.1-rc1` of `gw_v2.5.1-rc1.tar.gz`; empty when it has none. */
export function guessVersion(fileName: string): string {
  let base = fileName;
  while (extension.test(base)) base = base.replace(extension, '');
  return numbered.exec(base)?.[1] ?? '';
}
