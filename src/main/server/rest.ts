import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ORPCError } from '@orpc/client';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { z } from 'zod';
import { errorCodes } from '../../shared/errors.ts';
import type { App } from '../app.ts';
import type { Door } from '../door.ts';
import { securityHeaders } from './page-headers.ts';
import { type ErrorBody, errorBody, sendError, statusOf } from './reply.ts';

/** A JSON body at most, 16 MiB; firmware goes through the upload, which has no limit. */
const maxBodyBytes = 16 * 1024 * 1024;

const coded = z.object({ error: z.object({ code: z.enum(errorCodes) }) });
const pushrodData = z.object({
  code: z.enum(errorCodes),
  hint: z.string(),
  details: z.array(z.object({ line: z.int().optional(), field: z.string().optional(), message: z.string() })),
});
const issues = z.object({ issues: z.array(z.object({ message: z.string(), path: z.array(z.unknown()).optional() })) });

export type Rest = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The contract as REST below `/api`, for clients whose token was checked already. */
export function createRest(app: App): Rest {
  const handler = new OpenAPIHandler<{ door: Door }>(app.router, {
    customErrorResponseBodyEncoder: encodeError,
    rootInterceptors: [
      async ({ next }) => {
        const result = await next();
        const body = coded.safeParse(result.response?.body);
        if (!result.matched || !body.success) return result;
        return { ...result, response: { ...result.response, status: statusOf(body.data.error.code) } };
      },
    ],
  });
  return async (request, response) => {
    if (request.headers['transfer-encoding'] !== undefined) {
      return sendError(response, 'INVALID_INPUT', 'Send the body with its Content-Length.', 411);
    }
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
      return sendError(response, 'INVALID_INPUT', 'The body is over 16 MiB.', 413);
    }
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.setHeader('Cache-Control', 'no-store');
    const { matched } = await handler.handle(request, response, { prefix: '/api', context: { door: 'lan' } });
    if (!matched) sendError(response, 'INVALID_INPUT', 'There is nothing at this path; see /api/openapi.json.', 404);
  };
}

/** One shape for every failure. What a stranger threw stays inside: it may name paths of this laptop. */
function encodeError(error: ORPCError<string, unknown>): ErrorBody {
  const data = pushrodData.safeParse(error.data);
  if (error.code === 'PUSHROD' && data.success) return { error: { ...data.data, message: error.message } };
  if (error.code !== 'BAD_REQUEST') return errorBody('INTERNAL', 'Pushrod could not answer this.');
  const invalid = issues.safeParse(error.data);
  const details = invalid.success ? invalid.data.issues : [];
  return errorBody(
    'INVALID_INPUT',
    error.message,
    details.map((issue) => ({ field: (issue.path ?? []).join('.'), message: issue.message })),
  );
}
