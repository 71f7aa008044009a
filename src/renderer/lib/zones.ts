/** The zone of whoever looks at the page. */
export const zoneHere = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Names to choose from; any other one of the IANA database is known to Pushrod as well. */
export const zoneNames = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** Whether this browser knows a zone of that name. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}
