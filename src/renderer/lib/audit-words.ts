import type { AuditEntry, DeviceUpdateState, UpdateState } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';

/** What an entry says was done, or which state was come to. What the page has no word for stays as it is on record. */
export function actionText({ subject, action }: Pick<AuditEntry, 'subject' | 'action'>): string {
  const { update, device } = t().states;
  if (subject === 'update' && Object.hasOwn(update, action)) return update[action as UpdateState];
  if (subject === 'device-update' && Object.hasOwn(device, action)) return device[action as DeviceUpdateState];
  return t().audit.actions[action] ?? action;
}
