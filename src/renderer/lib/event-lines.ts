import type { AuditEntry, DeviceUpdate, DeviceUpdateState, UpdateState } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { formatTime } from './format.ts';

/** One thing that happened in an update, as a person reads it. */
export interface EventLine {
  id: number;
  at: string;
  /** The name of the device; empty where it happened to the update itself. */
  who: string;
  what: string;
  /** Why, and who wanted it where that was a person; empty where there is nothing to say. */
  detail: string;
}

type Named = ReadonlyMap<string, Pick<DeviceUpdate, 'deviceName'>>;

/** @param devices those of the update by their id */
export function eventLines(entries: readonly AuditEntry[], devices: Named): EventLine[] {
  const { device, update } = t().states;
  return entries.map(({ id, at, actor, subject, subjectId, action, detail }) => {
    const isDevice = subject === 'device-update';
    const what = isDevice ? device[action as DeviceUpdateState] : update[action as UpdateState];
    const by = actor === 'pushrod' ? [] : [t().updates.log.by(actor)];
    return {
      ...{ id, at, what: what ?? action, detail: [...(detail ? [detail] : []), ...by].join(' · ') },
      who: isDevice ? (devices.get(subjectId ?? '')?.deviceName ?? subjectId ?? '') : '',
    };
  });
}

/** Those of the devices whose name holds a text; all where there is none. */
export function ofDevice(lines: EventLine[], name: string): EventLine[] {
  const wanted = name.trim().toLowerCase();
  return wanted === '' ? lines : lines.filter(({ who }) => who.toLowerCase().includes(wanted));
}

/** Lines to be pasted elsewhere, with tabs between their parts. */
export function textOfLines(lines: readonly EventLine[]): string {
  return lines.map(({ at, who, what, detail }) => [formatTime(at), who, what, detail].join('\t')).join('\n');
}
