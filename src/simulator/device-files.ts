import { realpathSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';

/** The file system of one device: a folder of this laptop that its paths cannot leave. */
export interface DeviceFiles {
  /** The absolute path as the device sees it, without `.` and `..`. */
  absolute(path: string): string;
  /** Where a path of the device lies on this laptop. Throws `EACCES` when a symbolic link leads out of the device. */
  locate(path: string): string;
}

export function createDeviceFiles(root: string): DeviceFiles {
  const realRoot = realpathSync(root);
  const isInside = (path: string) => path === realRoot || path.startsWith(realRoot + sep);
  const absolute = (path: string) => posix.resolve('/', path);
  return {
    absolute,
    locate(path) {
      const located = join(realRoot, absolute(path));
      if (!isInside(realOf(located))) throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
      return located;
    },
  };
}

/** The real path of the part of a path that exists. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : realOf(dirname(path));
  }
}
