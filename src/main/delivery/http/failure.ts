import { type ErrorCode, PushrodError } from '../../../shared/errors.ts';
import { deviceText } from '../device-text.ts';
import type { Answer } from './answer.ts';
import { retryAfterMs } from './retry-after.ts';

interface SystemError extends Error {
  code?: string;
  /** OpenSSL's words. */
  reason?: string;
}

/** Names why no connection was made. */
export function connectionFailure(thrown: unknown, at: string): PushrodError {
  const error = thrown as SystemError;
  const message = `${at} cannot be reached (${error.code ?? deviceText(error.message)}).`;
  return new PushrodError('UNREACHABLE', message, [], { cause: error });
}

/** Names why no TLS session was made on a connection. */
export function handshakeFailure(thrown: unknown, at: string): PushrodError {
  const error = thrown as SystemError;
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return lost(error, at);
  const why = deviceText(error.reason ?? error.message);
  return new PushrodError('DEVICE_ERROR', `${at} does not speak TLS as it should: ${why}.`, [], { cause: error });
}

/** Names why a request was not answered. */
export function exchangeFailure(thrown: unknown, at: string): PushrodError {
  if (thrown instanceof PushrodError) return thrown;
  const error = thrown as SystemError;
  // The parser's own codes (llhttp).
  if (error.code?.startsWith('HPE_')) {
    const message = `${at} answered with something that is not HTTP (${deviceText(error.reason ?? error.message)}).`;
    return new PushrodError('DEVICE_ERROR', message, [], { cause: error });
  }
  return lost(error, at);
}

function lost(error: SystemError, at: string): PushrodError {
  return new PushrodError('CONNECTION_LOST', `The connection to ${at} was lost (${deviceText(error.message)}).`, [], {
    cause: error,
  });
}

const codes: Record<number, ErrorCode> = {
  401: 'AUTH_FAILED',
  403: 'AUTH_FAILED',
  404: 'REMOTE_PATH_INVALID',
  405: 'REMOTE_PATH_INVALID',
  408: 'TIMEOUT',
  409: 'REMOTE_PATH_INVALID',
  410: 'REMOTE_PATH_INVALID',
  413: 'NO_SPACE',
  425: 'DEVICE_ERROR',
  429: 'DEVICE_ERROR',
  507: 'NO_SPACE',
};

/** Names what a status other than 2xx says (RFC 9110, 15). What may pass may be tried again, when the device says so. */
export function statusFailure(answer: Answer, doing: string, at: string): PushrodError {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) {
    const place = deviceText(answer.location ?? 'another place');
    const message = `${at} sends requests to ${doing} on to ${place} (${status}); Pushrod does not follow with firmware and credentials.`;
    return new PushrodError('REQUEST_REFUSED', message);
  }
  const code = codes[status] ?? (status >= 500 ? 'DEVICE_ERROR' : 'REQUEST_REFUSED');
  // A page says nothing that the status does not.
  const said = /html/i.test(headers['content-type'] ?? '') ? '' : deviceText(answer.text);
  const message = `${at} refused to ${doing} with status ${status}${said === '' ? '' : `: ${said}`}`;
  return new PushrodError(code, message.replace(/[.\s]*$/, '.'), [], {
    retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()),
  });
}
