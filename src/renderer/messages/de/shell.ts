import type { Messages } from '../catalogue.ts';

export const shell: Messages['shell'] = {
  navigation: 'Hauptmenü',
  sections: {
    devices: 'Geräte',
    updates: 'Updates',
    schedules: 'Zeitpläne',
    firmware: 'Firmware',
    profiles: 'Profile',
    slots: 'Steckplätze',
    audit: 'Protokoll',
    settings: 'Einstellungen',
  },
  lightTheme: 'Helles Farbschema',
  darkTheme: 'Dunkles Farbschema',
  push: 'Firmware aufspielen …',
  commands: 'Befehle',
  pushShort: 'Aufspielen',
  connecting: 'Verbindung zu Pushrod wird aufgebaut …',
  drop: {
    toPush: 'Firmware zum Aufspielen ablegen; mehrere Dateien werden ein Paket',
    toImport: 'Liste zum Importieren ablegen',
    toLibrary: 'Firmware-Datei ablegen, um sie in die Bibliothek aufzunehmen',
    anything: 'Firmware zum Aufspielen ablegen, oder eine Geräteliste zum Importieren',
    oneList: 'Bitte nur eine Liste auf einmal ablegen.',
  },
  lost: {
    notHere: 'Unter dieser Adresse läuft Pushrod nicht; es gilt die Adresse, die sein Terminal ausgegeben hat.',
    isCut: 'Die Verbindung zu Pushrod ist unterbrochen und wird neu versucht.',
    asOf: (time) => `Angezeigt wird der Stand von ${time}.`,
  },
  registryLost: 'Die gemeinsame Geräteliste ist nicht erreichbar; Pushrod macht von selbst weiter, sobald sie es ist.',
  pairing: {
    title: 'Diesen Browser koppeln',
    about: 'Pushrod hat dort, wo es gestartet wurde, einen Kopplungscode ausgegeben. Jeder Code gilt einmal.',
    code: 'Kopplungscode',
    submit: 'Koppeln',
    refused: 'Der Code wurde abgelehnt.',
    unreachable: 'Pushrod ist nicht erreichbar; läuft es noch?',
  },
};
