import { homedir } from 'node:os';
import { join } from 'node:path';

/** The platform's application-data folder, the same for the window and the terminal (XDG Base Directory on Linux). */
export function defaultDataDir(): string {
  const home = homedir();
  if (process.platform === 'win32')
    return join(process.env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Pushrod', 'data');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Pushrod', 'data');
  return join(process.env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'pushrod');
}
