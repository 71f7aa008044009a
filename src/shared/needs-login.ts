import type { Profile } from './model/index.ts';

/** Whether devices of a profile want a credential. */
export function needsLogin({ transport, http }: Profile): boolean {
  return transport !== 'http' || (http !== undefined && http.auth !== 'none');
}
