import type { ErrorCode } from '../../../shared/errors.ts';
import type { Messages } from '../catalogue.ts';

const hints: Record<ErrorCode, string> = {
  INVALID_INPUT: 'Bitte berichtigen und noch einmal versuchen.',
  DEVICE_NOT_FOUND: 'In der Geräteliste steht die richtige Kennung.',
  FIRMWARE_NOT_FOUND: 'Erst die Firmware-Datei aufnehmen, oder in der Bibliothek nachsehen.',
  UPDATE_NOT_FOUND: 'In der Liste der Updates steht die richtige Kennung.',
  PROFILE_NOT_FOUND: 'In der Liste der Profile steht der richtige Name.',
  CREDENTIAL_NOT_FOUND: 'Erst die Anmeldung anlegen, oder in der Liste nachsehen.',
  SLOT_NOT_FOUND: 'Erst den Steckplatz anlegen, oder in der Liste nachsehen.',
  SITE_NOT_FOUND: 'Erst den Standort anlegen, oder in der Liste nachsehen.',
  SCHEDULE_NOT_FOUND: 'In der Liste der Zeitpläne steht der richtige Name.',
  SIGNER_NOT_FOUND: 'In der Liste der Unterzeichner steht der richtige Name.',
  CONFLICT: 'Etwas mit dieser Kennung oder in diesem Zustand gibt es schon; erst dort nachsehen.',
  DATA_FOLDER_IN_USE: 'Das andere Pushrod schließen, das diesen Datenordner benutzt, oder in seinem Fenster arbeiten.',
  DATA_FOLDER_TOO_NEW: 'Diesen Datenordner mit dem neueren Pushrod öffnen, das ihn geschrieben hat.',
  DATABASE_DAMAGED:
    'Mit „pushrod restore“ eine Sicherung zurückholen, oder neu starten und leer beginnen; die beschädigte Datei bleibt erhalten.',
  STORAGE_FAILED:
    'Auf der Platte des Laptops Platz schaffen, prüfen, ob Pushrod schreiben darf, und noch einmal versuchen.',
  REGISTRY_UNREACHABLE:
    'Das Netz zur Datenbank der gemeinsamen Geräteliste prüfen; Pushrod macht von selbst weiter, sobald sie erreichbar ist.',
  LEASE_LOST: 'Nachsehen, ob inzwischen ein anderer Arbeitsplatz dieses Gerät bespielt hat, dann wiederholen.',
  LEASED_ELSEWHERE:
    'Beim Arbeitsplatz nachfragen, der dieses Gerät bespielt, dann wiederholen; mit mehr Geduld wird länger gewartet.',
  SECRET_UNREADABLE: 'Die Anmeldung neu anlegen: Ihr Geheimnis wurde unter einem anderen Schlüssel abgelegt.',
  UNAUTHORIZED: 'Diesen Browser mit dem Code, den Pushrod ausgibt, neu koppeln.',
  FORBIDDEN: 'Das geht nur im Pushrod-Fenster oder im Terminal auf dem Laptop selbst.',
  HOST_KEY_UNKNOWN:
    'Den Fingerabdruck mit dem Aufkleber oder der Konsole des Geräts vergleichen, dann dem Schlüssel vertrauen oder mit „accept-new“ aufspielen.',
  HOST_KEY_CHANGED:
    'Erst herausfinden, warum der Schlüssel ein anderer ist (neue Platine, Zurücksetzen, oder jemand dazwischen), bevor der alte vergessen wird.',
  HOST_KEY_REVOKED:
    'Dieser Schlüssel ist als gestohlen oder ausgemustert vermerkt: dem Gerät vor dem Aufspielen einen neuen Host-Schlüssel geben.',
  ALGORITHMS_REFUSED:
    'Das Gerät spricht vielleicht nur alte Verfahren: aktualisieren, oder in seinem Profil „legacyAlgorithms“ setzen, wo man dem Netz trauen kann.',
  FORWARDING_REFUSED:
    'Dem Zwischenrechner erlauben, Verbindungen weiterzuleiten (AllowTcpForwarding und PermitOpen seines sshd), oder einen anderen nehmen.',
  CERTIFICATE_INVALID:
    'Prüfen, ob das Zertifikat gültig ist, zu dieser Adresse gehört und von der CA des Profils stammt; gehen die Uhren richtig?',
  AUTH_FAILED: 'Benutzername und Anmeldung des Profils prüfen.',
  UNREACHABLE: 'Strom, Kabel und Adresse prüfen; stimmt der Port?',
  TIMEOUT: 'Das Gerät hat zu langsam geantwortet; Last und Verbindung ansehen, dann wiederholen.',
  CONNECTION_LOST: 'Die Verbindung ist abgerissen; Kabel und Strom prüfen, dann wiederholen.',
  NO_SPACE: 'Auf dem Gerät am Zielpfad Platz schaffen, dann wiederholen.',
  PERMISSION_DENIED: 'Dem Benutzer das Schreiben ins Zielverzeichnis erlauben, oder im Profil den Zielpfad ändern.',
  REMOTE_PATH_INVALID:
    'Der Zielpfad des Profils muss eine Datei in einem Verzeichnis nennen, das es auf dem Gerät geben kann.',
  ATTRIBUTES_REFUSED:
    'Als Benutzer anmelden, der diesen Modus und Besitzer setzen darf (oft root), oder fileMode und fileOwner des Profils ändern.',
  CHECKSUM_MISMATCH:
    'Auf dem Gerät stehen andere Bytes als gesendet; wiederholen, und beim nächsten Mal den Speicher verdächtigen.',
  MODEL_MISMATCH:
    'Die Firmware für dieses Modell aufspielen, oder das Modell des Geräts oder die Modelle der Firmware berichtigen.',
  SIGNATURE_INVALID:
    'Firmware und Signatur noch einmal beim Hersteller holen; einem Unterzeichner erst trauen, wenn der Schlüssel verglichen ist.',
  ALREADY_CURRENT: 'Nichts zu tun. Wer sie trotzdem aufspielen will, sagt es ausdrücklich („force“).',
  DOWNGRADE_REFUSED: 'Die neuere Version aufspielen, oder den Rückschritt erlauben, wenn er gewollt ist.',
  PREFLIGHT_FAILED:
    'Die Ausgabe des Prüfbefehls lesen und beheben, was er gefunden hat; an das Gerät wurde nichts gesendet.',
  VERIFY_FAILED: 'Die Ausgabe des Verifizierbefehls lesen; die Firmware wurde nicht aktiviert.',
  ACTIVATE_FAILED: 'Die Ausgabe des Aktivierbefehls lesen und nach dem Gerät sehen.',
  VERSION_NOT_CONFIRMED:
    'Nach dem Gerät sehen: Es kam nicht rechtzeitig mit der neuen Version zurück. Dann neu aufspielen oder wiederherstellen.',
  ACTIVATION_UNKNOWN:
    'Pushrod wurde beendet, während das Gerät aktivierte; die Version von Hand prüfen, bevor neu aufgespielt wird.',
  WINDOW_CLOSED: 'Auf das nächste Wartungsfenster warten; darin geht es von selbst weiter.',
  DEVICE_ERROR:
    'Das Gerät hat einen Schritt verweigert; welchen, steht in seiner Meldung. Wiederholen, oder sein Log ansehen.',
  REQUEST_REFUSED:
    'Methode, Pfad, Inhalt und Kopfzeilen des Profils mit dem vergleichen, was das Gerät erwartet; den Grund nennt seine Meldung.',
  WORKER_CRASHED:
    'Ein Übertragungsprozess ist stehen geblieben; wiederholen, und melden, wenn es noch einmal geschieht.',
  CANCELLED: 'Auf Wunsch abgebrochen; bei Bedarf neu aufspielen.',
  INTERNAL: 'Das ist ein Fehler in Pushrod; bitte mit dem Log melden.',
};

export const errors: Messages['errors'] = { hint: (code) => hints[code] };
