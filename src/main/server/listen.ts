import type { Server } from 'node:http';
import { PushrodError } from '../../shared/errors.ts';

/** Why an address cannot be listened on (listen(2), bind(2)), for those a person can do something about. */
const reasons: Partial<Record<string, string>> = {
  EADDRINUSE: 'something else listens there already',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EACCES: 'this user may not listen there',
  ENOTFOUND: 'that host name is not known',
};

/**
 * Resolves when the server takes connections on a host and TCP port, or on a socket's path.
 * @throws PushrodError `INVALID_INPUT` where the address cannot be had
 */
export function listen(server: Server, at: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      const where = 'path' in at ? at.path : `${at.host}, port ${at.port}`;
      const why = reasons[error.code ?? ''] ?? error.message;
      reject(new PushrodError('INVALID_INPUT', `Pushrod cannot listen on ${where}: ${why}.`, [], { cause: error }));
    };
    server.once('error', refuse);
    server.listen(at, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

/** Resolves when the server is shut and none of its connections is left. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
