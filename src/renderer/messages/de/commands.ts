import type { Messages } from '../catalogue.ts';

export const commands: Messages['commands'] = {
  palette: 'Befehle',
  search: 'Befehle, Geräte und Updates suchen',
  placeholder: 'Was soll geschehen?',
  nothing: (search) => `Nichts hier heißt „${search}“.`,
  hint: 'Mit den Pfeiltasten wählen, Eingabe führt aus, Esc schließt.',
  groups: { go: 'Gehe zu', act: 'Ausführen', page: 'Diese Seite', devices: 'Geräte', updates: 'Updates' },
  showPalette: 'Alle Befehle zeigen',
  showKeys: 'Tastenkürzel zeigen',
  findInView: 'In dieser Ansicht suchen',
  theme: {
    light: 'Helles Farbschema verwenden',
    dark: 'Dunkles Farbschema verwenden',
    contrast: 'Hohen Kontrast verwenden',
  },
  language: (name) => `Sprache: ${name}`,
  keys: {
    title: 'Tastenkürzel',
    off: 'Kürzel ohne Strg sind in den Einstellungen ausgeschaltet.',
  },
  characterKeys: {
    title: 'Tastatur',
    label: 'Einzelne Buchstaben lösen etwas aus',
    help: 'Etwa P zum Aufspielen. Beim Diktieren besser ausschalten. Alle Kürzel: ? drücken, oder hier unten.',
    show: 'Tastenkürzel zeigen …',
  },
};
