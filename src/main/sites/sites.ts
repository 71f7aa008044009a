import { PushrodError } from '../../shared/errors.ts';
import { type Site, site } from '../../shared/model/index.ts';
import { createSetting, type Database } from '../data/index.ts';

/** The places where devices stand: their time zones and their holidays. */
export interface Sites {
  /** By location. */
  list(): Site[];
  get(location: string | null): Site | undefined;
  set(site: Site): void;
  /** @throws PushrodError `SITE_NOT_FOUND` */
  remove(location: string): void;
}

/** There are some dozens at most, so that they fit into one setting. */
export function createSites(database: Database, onChange: () => void): Sites {
  const setting = createSetting(database, 'sites');
  let sites = new Map(
    site
      .array()
      .parse(JSON.parse(setting.get() ?? '[]'))
      .map((one) => [one.location, one]),
  );
  const write = (changed: Map<string, Site>) => {
    setting.set(JSON.stringify([...changed.values()]));
    sites = changed;
    onChange();
  };

  return {
    list: () => [...sites.values()].sort((one, other) => one.location.localeCompare(other.location)),
    get: (location) => (location === null ? undefined : sites.get(location)),
    set: (given) => write(new Map(sites).set(given.location, given)),
    remove(location) {
      const rest = new Map(sites);
      if (!rest.delete(location)) throw new PushrodError('SITE_NOT_FOUND', `There is no site "${location}".`);
      write(rest);
    },
  };
}
