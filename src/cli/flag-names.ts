/** Fields whose flag is written otherwise. */
const names: Readonly<Record<string, string>> = {
  firmwareVersion: 'firmware-version',
  firmwareMin: 'firmware-min',
  firmwareMax: 'firmware-max',
  lastSeen: 'last-seen',
  seenAfter: 'seen-after',
  seenBefore: 'seen-before',
  hostKeys: 'host-keys',
  intervalMs: 'every',
  listenMs: 'listen',
  models: 'model',
};

/** A field of the contract as it is written on the command line, without its dashes. */
export function flagOf(field: string): string {
  return names[field] ?? field;
}
