import type { PushrodClient } from '../shared/contract/index.ts';
import type { Firmware, FirmwareInfo } from '../shared/model/index.ts';
import type { AppRouter } from './router.ts';

export interface AppConfig {
  /** The data folder: database, firmware store, known hosts. Made if missing; locked while the app is open. */
  dataDir: string;
  /** Where the transfer worker's program lies; the built app names its own. */
  workerEntry?: URL;
}

/** Who asks: the desktop window, a LAN client, or the terminal. Some calls are refused to some doors. */
export type Door = 'window' | 'lan' | 'terminal';

/** The open core. It is the only place where parts meet. */
export interface App {
  /** For the oRPC handlers of the doors; its context is `{ door }`. */
  router: AppRouter;
  /** The same calls in process. */
  client(door: Door): PushrodClient;
  /** Takes the bytes of a firmware file as they come in. Throws `INVALID_INPUT`. */
  addFirmware(bytes: AsyncIterable<Uint8Array>, info: FirmwareInfo): Promise<Firmware>;
  /** Stops pushes (their devices are `interrupted`), closes the database, gives the lock back. */
  close(): Promise<void>;
}

/** Opens the core on a data folder. Throws `DATA_FOLDER_IN_USE` or `DATA_FOLDER_TOO_NEW`. */
export async function createApp(config: AppConfig): Promise<App> {
  throw new Error(config.dataDir);
}
