import { type App, createApp } from '../main/app.ts';
import { connectLocalSocket, localSocketPath, startLocalSocket } from '../main/server/index.ts';
import type { PushrodClient } from '../shared/contract/index.ts';
import { PushrodError } from '../shared/errors.ts';

/**
 * Runs `work` with a client of the data folder's core: opened here, or, when another Pushrod holds the folder, that
 * one's through its local socket. While the core is open here, other terminals reach it in the same way.
 * @throws PushrodError `DATA_FOLDER_IN_USE` when the holder does not answer, `DATA_FOLDER_TOO_NEW`
 */
export async function withClient<T>(dataDir: string, work: (client: PushrodClient) => Promise<T>): Promise<T> {
  let app: App;
  try {
    app = await createApp({ dataDir });
  } catch (thrown) {
    if (!(thrown instanceof PushrodError) || thrown.code !== 'DATA_FOLDER_IN_USE') throw thrown;
    const connection = await connectLocalSocket(localSocketPath(dataDir));
    if (!connection) throw thrown;
    try {
      return await work(connection.client);
    } finally {
      connection.close();
    }
  }
  const socket = await startLocalSocket({ app, path: localSocketPath(dataDir) });
  const onStop = () => void app.close();
  process.once('SIGTERM', onStop).once('SIGHUP', onStop);
  try {
    return await work(app.client('terminal'));
  } finally {
    process.off('SIGTERM', onStop).off('SIGHUP', onStop);
    await socket.close();
    await app.close();
  }
}
