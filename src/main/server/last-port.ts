import { readFileSync, writeFileSync } from 'node:fs';

/** The TCP port of the last run, so that an address a browser knows stays good over a restart. */
export interface LastPort {
  /** `undefined` when there was none. */
  read(): number | undefined;
  write(port: number): void;
}

/** @param file holds the number as text; what else is in it counts for nothing */
export function createLastPort(file: string): LastPort {
  return {
    read() {
      try {
        const port = Number(readFileSync(file, 'utf8'));
        return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
      } catch {
        return undefined;
      }
    },
    write: (port) => writeFileSync(file, `${port}\n`, { mode: 0o600 }),
  };
}
