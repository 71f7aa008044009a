import type { Messages } from '../catalogue.ts';
import { count } from './count.ts';

const number = (value: number) => value.toLocaleString('de');

export const devices: Messages['devices'] = {
  title: 'Geräte',
  what: 'Geräte',
  details: 'Einzelheiten',
  table: {
    label: 'Geräte',
    total: (total) => count(total, 'Gerät', 'Geräte'),
    found: (total) => count(total, 'Gerät passt', 'Geräte passen'),
    none: (search) => `Kein Gerät passt zu „${search}“.`,
    clearSearch: 'Suche leeren',
    select: (name) => `${name} auswählen`,
    selectList: 'Alle Geräte der Liste auswählen',
    selectInSight: 'Sichtbare Zeilen auswählen',
    loadingRow: 'Wird geladen …',
    open: (name) => `Einzelheiten zu ${name}`,
    sortBy: 'Sortieren nach',
    ascending: (column) => `${column}, aufsteigend`,
    descending: (column) => `${column}, absteigend`,
  },
  search: {
    label: 'Geräte suchen',
    placeholder: 'Name, Adresse, location:Labor, fw<2.1 …',
    suggestions: 'Vorschläge',
    devicesWith: number,
    keys: {
      status: 'erreichbar ist online, sonst offline oder unknown',
      location: 'wo es steht; location:- hat keinen Standort',
      model: 'was für ein Gerät es ist',
      fw: 'die Version darauf: fw:2.1.0, fw<2.1, fw>=2.0',
      tag: 'seine Metadaten: tag:rack=4',
      profile: 'wie es aktualisiert wird',
      seen: 'wann es zuletzt gesehen wurde: seen<7d, seen>30d, seen<2026-07-01',
      id: 'seine Kennung in der Liste',
    },
    faults: {
      unknownKey: (term) =>
        `„${term}“ bleibt außer Acht: Das erste Wort ist kein Schlüssel. Schlüssel sind status, location, model, fw, tag, profile, seen und id; in Anführungszeichen wird es gesucht, wie es dasteht.`,
      noValue: (term) =>
        `„${term}“ hat noch keinen Wert; location:Labor ist einer, location:- heißt, dass das Gerät keinen hat.`,
      openQuote: (term) => `„${term}“ bleibt außer Acht: Das Anführungszeichen ist nicht geschlossen.`,
      badStatus: (term) => `„${term}“ bleibt außer Acht: Ein Status ist online, offline oder unknown.`,
      badTag: (term) => `„${term}“ bleibt außer Acht: Ein Tag wird als tag:rack=4 geschrieben.`,
      badId: (term) => `„${term}“ bleibt außer Acht: Eine Kennung besteht aus Buchstaben, Ziffern, „.“, „_“ und „-“.`,
      badSeen: (term) =>
        `„${term}“ bleibt außer Acht: seen<7d heißt in den letzten sieben Tagen gesehen, seen>7d länger nicht (m, h, d, w); auch seen<2026-07-01 geht.`,
      noOrder: (term) =>
        `„${term}“ bleibt außer Acht: Nur fw und seen haben ein Davor und Danach; hier steht ein Doppelpunkt.`,
      twice: (term) => `„${term}“ bleibt außer Acht: Das war schon gesagt, und beides zugleich hat kein Gerät.`,
      tooMany: (term) =>
        `„${term.slice(0, 40)}“ und was folgt, bleibt außer Acht: Eine Suche fasst 20 Wörter und 50 Tags.`,
    },
  },
  columns: {
    button: 'Spalten',
    title: 'Spalten der Liste',
    about:
      'Auf dem Titel einer Spalte ändert Umschalt mit ← → ihre Breite, Strg mit ← → ihren Platz. Titel lassen sich auch ziehen.',
    tags: 'Tags',
    reset: 'Wie am Anfang',
    earlier: (column) => `${column} nach vorn`,
    later: (column) => `${column} nach hinten`,
    width: (column) => `Breite von ${column}`,
    names: {
      name: 'Name',
      status: 'Status',
      address: 'Adresse',
      model: 'Modell',
      firmwareVersion: 'Firmware',
      location: 'Standort',
      lastSeen: 'Zuletzt gesehen',
      profile: 'Profil',
      createdAt: 'Hinzugefügt',
      updatedAt: 'Geändert',
      id: 'Kennung',
    },
  },
  facets: {
    button: 'Filter',
    title: 'Filter',
    none: 'ohne',
    more: (many) => `${number(many)} weitere`,
    fewer: 'Weniger',
    beyond: (many) => `und ${number(many)} weitere; über die Suche zu finden`,
    devices: number,
  },
  selection: {
    selected: (many) => `${number(many)} ausgewählt`,
    hidden: (many, hidden) => `${number(many)} ausgewählt, davon ${number(hidden)} nicht in der Liste`,
    allInSight: (rows) =>
      rows === 1 ? 'Die sichtbare Zeile ist ausgewählt.' : `Alle ${number(rows)} sichtbaren Zeilen sind ausgewählt.`,
    chooseAll: (total) => `Alle ${number(total)} auswählen`,
    chooseMatching: (total) => `Alle ${number(total)} passenden auswählen`,
    all: (total) => (total === 1 ? 'Das eine Gerät ist ausgewählt.' : `Alle ${number(total)} Geräte sind ausgewählt.`),
    allMatching: (total) =>
      total === 1 ? 'Das eine passende ist ausgewählt.' : `Alle ${number(total)} passenden sind ausgewählt.`,
    allBut: (chosen, total) =>
      `${number(chosen)} von ${number(total)} Geräten ausgewählt, ${number(total - chosen)} ausgenommen.`,
    matchingBut: (chosen, total) =>
      `${number(chosen)} von ${number(total)} passenden ausgewählt, ${number(total - chosen)} ausgenommen.`,
    tooManyLeftOut: (most) =>
      `Höchstens ${number(most)} lassen sich einzeln ausnehmen; besser nach denen suchen, die gemeint sind.`,
    clear: 'Auswahl aufheben',
  },
};
