import type { PushrodClient } from '../../shared/contract/index.ts';
import type { Firmware } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { type Failure, RefusedError } from './failure.ts';
import { storedToken } from './pairing.ts';

/**
 * Puts a file into the firmware library: by its path in the desktop window, by its bytes in a browser.
 * @param onProgress hears the share that has been sent, 0 to 1
 */
export function addFirmware(
  client: PushrodClient,
  file: File,
  version: string,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Firmware> {
  const path = window.pushrod?.pathOf(file);
  return path
    ? client.firmware.addPath({ path, info: { version } }, { signal })
    : upload(file, version, onProgress, signal);
}

/** XMLHttpRequest, because fetch does not tell how much has been sent. */
function upload(
  file: File,
  version: string,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Firmware> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ fileName: file.name, version });
    request.open('POST', `/api/firmware?${query}`);
    request.setRequestHeader('authorization', `Bearer ${storedToken()}`);
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => {
      if (request.status < 300) return resolve(request.response as Firmware);
      reject(new RefusedError((request.response as { error: Failure } | null)?.error));
    });
    for (const end of ['error', 'abort', 'timeout']) request.addEventListener(end, () => reject(cutOff(file.name)));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** A browser does not tell a file that cannot be read from a connection that was cut. */
function cutOff(name: string): RefusedError {
  const message = t().push.notWhole(name);
  const hint = t().push.notWholeHint;
  return new RefusedError({ code: 'CONNECTION_LOST', message, hint, details: [] });
}
