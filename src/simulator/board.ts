import { ed25519PrivateKey } from '../shared/openssh-key.ts';
import { type RunningDevice, startDevice } from './device.ts';
import { seededBytes } from './seeded.ts';

export interface BoardConfig {
  /** All boards of a production line come up at one address, one after the other. */
  port: number;
  /** What its `/etc/serial` says. */
  serial: string;
  /** Another seed gives another host key; each serial has one of its own when left out. */
  hostKeySeed?: string;
  password?: string;
}

/** A board fresh from the factory, plugged in; `close` takes it out again. */
export type Board = RunningDevice;

const serialFile = '/etc/serial';
/** The login of every board, as it comes from the factory. */
export const boardLogin = { username: 'root', password: 'factory' };

export function startBoard({
  port,
  serial,
  hostKeySeed = serial,
  password = boardLogin.password,
}: BoardConfig): Promise<Board> {
  return startDevice({
    ...{ host: '127.0.0.1', port, username: boardLogin.username, password },
    ...{ firmwareVersion: '0.1.0', rateBytesPerSecond: Number.POSITIVE_INFINITY },
    hostKey: ed25519PrivateKey(seededBytes('board', hostKeySeed)),
    contents: { [serialFile]: `${serial}\n` },
  });
}
