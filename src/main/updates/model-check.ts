import { PushrodError } from '../../shared/errors.ts';
import type { Device, Firmware } from '../../shared/model/index.ts';

/** Firmware that names its models is for no others (`MODEL_MISMATCH`). A device whose model nobody has said is not held back. */
export function modelMismatch(
  { fileName, models }: Pick<Firmware, 'fileName' | 'models'>,
  { name, model }: Pick<Device, 'name' | 'model'>,
): PushrodError | undefined {
  if (models.length === 0 || !model || models.some((one) => isSame(one, model))) return undefined;
  return new PushrodError('MODEL_MISMATCH', `${fileName} is for ${models.join(', ')}, and "${name}" is a ${model}.`);
}

/** Whether firmware says that it is for a device's model. */
export function namesModel({ models }: Pick<Firmware, 'models'>, { model }: Pick<Device, 'model'>): boolean {
  return model !== null && models.some((one) => isSame(one, model));
}

const isSame = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
