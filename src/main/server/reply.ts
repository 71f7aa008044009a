import type { ServerResponse } from 'node:http';
import type { ErrorCode, ErrorDetail } from '../../shared/errors.ts';
import { hintFor, type PushrodError } from '../../shared/errors.ts';
import { securityHeaders } from './page-headers.ts';

/** The body of every failed answer. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; hint: string; details: ErrorDetail[] };
}

export function errorBody(code: ErrorCode, message: string, details: ErrorDetail[] = []): ErrorBody {
  return { error: { code, message, hint: hintFor(code), details } };
}

/** The HTTP status (RFC 9110, 15.5) a failure is answered with. */
export function statusOf(code: ErrorCode): number {
  if (code.endsWith('_NOT_FOUND')) return 404;
  if (code === 'UNAUTHORIZED') return 401;
  if (code === 'FORBIDDEN') return 403;
  if (code === 'CONFLICT' || code === 'DATA_FOLDER_IN_USE') return 409;
  return code === 'INTERNAL' ? 500 : 400;
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...securityHeaders,
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="Pushrod"' } : {}),
  });
  response.end(JSON.stringify(body));
}

/** @param status where the failure is one of HTTP itself; otherwise it follows from the code */
export function sendError(response: ServerResponse, code: ErrorCode, message: string, status = statusOf(code)): void {
  sendJson(response, status, errorBody(code, message));
}

export function sendPushrodError(response: ServerResponse, error: PushrodError): void {
  sendJson(response, statusOf(error.code), errorBody(error.code, error.message, error.details));
}
