/** The list of devices with those that run a version. */
export function devicesRunning(version: string): string {
  const value = /[\s"]/.test(version) ? `"${version.replaceAll('"', '')}"` : version;
  return `#/devices?search=${encodeURIComponent(`fw=${value}`)}`;
}
