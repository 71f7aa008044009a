import { t } from '../messages/index.ts';
import { decoded } from './fragment.ts';

const storageKey = 'pushrod.token';

export function storedToken(): string | null {
  return localStorage.getItem(storageKey);
}

/** Whether the server knows the token; `undefined` when the server cannot be reached. */
export async function isPaired(token: string): Promise<boolean | undefined> {
  try {
    const response = await fetch('/api/session', { headers: { authorization: `Bearer ${token}` } });
    return response.ok;
  } catch {
    return undefined;
  }
}

/** Trades a pairing code for a token and keeps it. Returns what went wrong, in a sentence. */
export async function pair(code: string): Promise<string | undefined> {
  try {
    const body = JSON.stringify({ code: code.trim() });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch('/api/pair', { method: 'POST', headers, body });
    const answer = (await response.json()) as { token?: string; error?: { message: string } };
    if (!answer.token) return answer.error?.message ?? t().shell.pairing.refused;
    localStorage.setItem(storageKey, answer.token);
    return undefined;
  } catch {
    return t().shell.pairing.unreachable;
  }
}

/** Takes the pairing code out of the address bar, where `pushrod serve` puts it. */
export function takeCodeFromUrl(): string | undefined {
  const code = /^#code=([^&]+)/.exec(location.hash)?.[1];
  if (code === undefined) return undefined;
  history.replaceState(null, '', '#/devices');
  return decoded(code);
}
