import type { Messages } from '../catalogue.ts';

export const states: Messages['states'] = {
  status: { online: 'online', offline: 'offline', unknown: 'unbekannt' },
  update: {
    scheduled: 'geplant',
    running: 'läuft',
    paused: 'angehalten',
    interrupted: 'unterbrochen',
    completed: 'abgeschlossen',
    failed: 'gescheitert',
    cancelled: 'abgebrochen',
  },
  device: {
    pending: 'wartet',
    connecting: 'verbindet',
    preflight: 'wird geprüft',
    transferring: 'überträgt',
    verifying: 'prüft die Datei',
    staged: 'bereitgelegt',
    activating: 'aktiviert',
    confirming: 'wird bestätigt',
    rollingBack: 'geht zurück',
    retrying: 'versucht es wieder',
    interrupted: 'unterbrochen',
    succeeded: 'fertig',
    failed: 'gescheitert',
    rolledBack: 'zurückgesetzt',
    cancelled: 'abgebrochen',
    skipped: 'ausgelassen',
  },
};
