import type { IncomingMessage, ServerResponse } from 'node:http';
import { PushrodError } from '../../shared/errors.ts';
import { type FirmwareInfo, firmwareInfo } from '../../shared/model/index.ts';
import type { App } from '../app.ts';
import { sendJson } from './reply.ts';

/**
 * `POST /api/firmware?fileName=&version=&models=&notes=`: the body is the file itself, taken as it comes in.
 * A browser cannot name a path on this laptop, and a firmware file does not fit into one message.
 */
export async function uploadFirmware(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  app: App,
): Promise<void> {
  const info = infoOf(url.searchParams);
  const firmware = await app.addFirmware(request, info, 'lan');
  sendJson(response, 201, firmware);
}

function infoOf(query: URLSearchParams): FirmwareInfo {
  const models = query.getAll('models').flatMap((models) => models.split(','));
  const read = firmwareInfo.safeParse({
    ...Object.fromEntries(query),
    models: models.map((model) => model.trim()).filter((model) => model !== ''),
  });
  if (read.success) return read.data;
  const details = read.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  throw new PushrodError('INVALID_INPUT', 'The firmware upload was refused: its description is not right.', details);
}
