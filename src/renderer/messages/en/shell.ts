import type { Section } from '../../lib/route.svelte.ts';

/** What stands around every view: navigation, connection, pairing, and what may be dropped. */
export const shell = {
  navigation: 'Main',
  sections: {
    devices: 'Devices',
    updates: 'Updates',
    schedules: 'Schedules',
    firmware: 'Firmware',
    profiles: 'Profiles',
    slots: 'Slots',
    audit: 'Audit',
    settings: 'Settings',
  } as Record<Section, string>,
  lightTheme: 'Light theme',
  darkTheme: 'Dark theme',
  push: 'Push firmware…',
  commands: 'Commands',
  pushShort: 'Push',
  connecting: 'Connecting to Pushrod…',
  drop: {
    toPush: 'Drop the firmware to push; several files make a bundle',
    toImport: 'Drop the list to import',
    toLibrary: 'Drop a firmware file to add it to the library',
    anything: 'Drop firmware to push it, or a list of devices to import it',
    oneList: 'Drop one list at a time.',
  },
  lost: {
    notHere: 'Pushrod is not running at this address; use the address its terminal printed.',
    isCut: 'The connection to Pushrod was cut; it is being tried again.',
    asOf: (time: string) => `What you see is as of ${time}.`,
  },
  registryLost: 'The shared list of devices cannot be reached; Pushrod goes on by itself when it is back.',
  pairing: {
    title: 'Pair this browser',
    about: 'Pushrod printed a pairing code where it was started. Each code works once.',
    code: 'Pairing code',
    submit: 'Pair',
    refused: 'The code was refused.',
    unreachable: 'Pushrod cannot be reached; is it still running?',
  },
};
