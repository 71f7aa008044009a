import type { NamedProfile } from '../../../shared/model/index.ts';
import { t } from '../../messages/index.ts';

/** What a device's profile can be: the default first, then each by name; one that is not there any more among them. */
export function profileOptions(profiles: readonly NamedProfile[] | undefined, current: string | null = null) {
  const names = (profiles ?? []).map(({ name }) => name);
  const defaultName = profiles?.find(({ isDefault }) => isDefault)?.name;
  const others = current !== null && !names.includes(current) ? [...names, current] : names;
  return [
    { value: '', name: t().devices.defaultProfile(defaultName) },
    ...others.map((name) => ({ value: name, name })),
  ];
}
