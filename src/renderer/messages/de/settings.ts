import type { Messages } from '../catalogue.ts';
import { count } from './count.ts';

export const settings: Messages['settings'] = {
  title: 'Einstellungen',
  limits: {
    title: 'Grenzen dieses Laptops',
    about: 'Was alles Aufspielen zusammen beanspruchen darf, auch das, was schon läuft.',
    rate: 'KiB pro Sekunde',
    aboutRate: 'Ohne Angabe unbegrenzt.',
    rateProblem: 'muss eine Zahl sein, mindestens 1',
    concurrency: 'Geräte zugleich',
    aboutConcurrency: 'Ohne Angabe so viele, wie beim Aufspielen gesagt wird.',
    concurrencyProblem: 'muss eine ganze Zahl von 1 bis 1000 sein',
    saved: 'Die Grenzen gelten ab jetzt.',
  },
  recovery: {
    title: 'Unterbrochene Updates',
    about: 'Wenn Pushrod mitten im Aufspielen geschlossen wurde oder der Laptop ausging.',
    wait: 'warten, bis jemand sie fortsetzt',
    resume: 'gehen von selbst weiter',
    aboutResume: 'Sobald Pushrod geöffnet wird und offen bleibt.',
    saved: 'Das gilt ab dem nächsten Start.',
  },
  presence: {
    title: 'Welche Geräte da sind',
    about:
      'Solange Pushrod offen ist, kann es immer wieder nachsehen, welche Geräte erreichbar sind. Es meldet sich nirgends an und fragt höchstens 50 Geräte pro Sekunde.',
    minutes: 'Minuten zwischen zwei Runden',
    aboutMinutes: 'Ohne Angabe sieht es nicht nach.',
    notANumber: 'muss eine Zahl sein',
    on: 'Ab jetzt wird nach den Geräten gesehen.',
    off: 'Nach den Geräten wird nicht mehr gesehen.',
  },
  registry: {
    title: 'Wo die Geräteliste liegt',
    here: 'Auf diesem Laptop:',
    shared: 'In einer Datenbank, die sich mehrere Arbeitsplätze teilen:',
    connected: 'verbunden',
    unreachable: 'nicht erreichbar',
    url: 'In dieser Datenbank führen',
    aboutUrl: 'postgres://BENUTZER:PASSWORT@RECHNER/DATENBANK. Sie wird zuerst ausprobiert.',
    back: 'Wieder auf diesem Laptop führen',
    elsewhere: 'Ein anderer Ort lässt sich im Pushrod-Fenster wählen, oder im Terminal des Laptops selbst:',
    saved: 'Das gilt ab dem nächsten Start von Pushrod.',
  },
  hosts: {
    title: 'Bekannte Hosts',
    about:
      'Die Schlüssel, an denen Geräte wiedererkannt werden. Ein geänderter Schlüssel wird immer abgelehnt; mit einem unbekannten geschieht, was hier gewählt ist, wenn es beim Aufspielen nicht anders gesagt wird.',
    policies: {
      strict: 'Ablehnen',
      ask: 'Das Gerät anhalten und seinen Schlüssel zum Vergleichen zeigen',
      'accept-new': 'Annehmen und merken',
    },
    what: 'Bekannte Hosts',
    none: 'Noch ist kein Host-Schlüssel bekannt.',
    aboutNone:
      'Beim Aufspielen kommen die hinzu, die angenommen werden; eine known_hosts von OpenSSH lässt sich importieren.',
    import: 'Importieren …',
    file: 'Eine known_hosts-Datei',
    export: 'Exportieren',
    imported: (added, unchanged) =>
      `${count(added, 'Host-Schlüssel', 'Host-Schlüssel')} hinzugefügt, ${unchanged.toLocaleString('de')} schon bekannt.`,
    search: 'Hosts, Arten und Fingerabdrücke suchen',
    noMatch: 'Kein Host-Schlüssel passt.',
    count: (found, all) =>
      found === all
        ? `${count(all, 'Host-Schlüssel', 'Host-Schlüssel')}.`
        : `${found.toLocaleString('de')} von ${count(all, 'Host-Schlüssel', 'Host-Schlüsseln')}.`,
    host: 'Host und Schlüssel',
    actions: 'Aktionen',
    markers: { revoked: 'widerrufen', 'cert-authority': 'Zertifizierungsstelle' },
    picture: 'Bild',
    pictureOf: (host) => `Bild des Schlüssels von ${host}`,
    forget: 'Vergessen …',
    forgetOne: (host) => `${host} vergessen`,
    forgetTitle: (host) => `Den Schlüssel von ${host} vergessen?`,
    keep: 'Behalten',
    forgetSubmit: 'Diesen Schlüssel vergessen',
    aboutForget:
      'Das nächste Aufspielen hält den Schlüssel, den es dort antrifft, für unbekannt. Richtig ist das, wenn eine Platine getauscht oder zurückgesetzt wurde – nicht, weil ein Aufspielen abgelehnt wurde.',
    forgotten: (host) => `Der Schlüssel von ${host} ist vergessen.`,
  },
  lan: {
    title: 'Zugriff von anderen Rechnern',
    isBrowser: (host) => `Diese Seite liefert ${host}.`,
    isWindow: 'Nur dieses Fenster erreicht dieses Pushrod; im Netz hört nichts zu.',
    how: 'Um es von einem Browser im Netz zu benutzen, das Fenster schließen und im Terminal des Laptops starten:',
    pairing:
      'Es gibt Adresse und Code aus. Der Code koppelt einen Browser, einmal; was dieser Browser tut, steht unter seinem Namen im Protokoll. Ohne --host wird nur dieser Laptop bedient.',
  },
  about: {
    title: 'Über Pushrod',
    licence: (name) => `(Lizenz: ${name})`,
    what: 'Spielt Firmware über SSH und HTTP auf Geräte auf. Alles bleibt auf diesem Laptop und seinen Geräten: Niemandem wird etwas gemeldet.',
    cameFrom: (host) => `Diese Seite kam von ${host}.`,
  },
  appearance: {
    title: 'Aussehen',
    theme: 'Farbschema',
    system: 'wie im System',
    light: 'hell',
    dark: 'dunkel',
    contrast: 'hoher Kontrast',
    aboutContrast: 'Weiß und Gelb auf Schwarz, mit einem Rand um alles.',
    language: 'Sprache',
  },
};
