import { userInfo } from 'node:os';

/** Who asks: the desktop window, a LAN client, or the terminal. Some calls are refused to some doors. */
export type Door = 'window' | 'lan' | 'terminal';

/** Who is at a door, for the record: the door, and on this laptop its user. */
export function actorAt(door: Door): string {
  return door === 'lan' ? door : `${userInfo().username} (${door})`;
}
