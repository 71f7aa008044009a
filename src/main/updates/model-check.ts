import { PushrodError } from '../../shared/errors.ts';
import type { Device, Firmware } from '../../shared/model/index.ts';

/**
 * Firmware that names its models is for no others. A device whose model nobody has said is not held back.
 * @throws PushrodError `MODEL_MISMATCH`
 */
export function requireModel(
  { fileName, models }: Pick<Firmware, 'fileName' | 'models'>,
  { name, model }: Pick<Device, 'name' | 'model'>,
): void {
  if (models.length === 0 || !model || models.some((one) => isSame(one, model))) return;
  throw new PushrodError('MODEL_MISMATCH', `${fileName} is for ${models.join(', ')}, and "${name}" is a ${model}.`);
}

const isSame = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
