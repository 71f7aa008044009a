import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract } from '../../shared/contract/index.ts';
import { errorCodes } from '../../shared/errors.ts';

type Document = Awaited<ReturnType<OpenAPIGenerator['generate']>>;
type Operation = NonNullable<NonNullable<NonNullable<Document['paths']>[string]>['post']>;
type Schema = NonNullable<NonNullable<Document['components']>['schemas']>[string];

const errorSchema: Schema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { type: 'string', enum: errorCodes },
        message: { type: 'string' },
        hint: { type: 'string', description: 'What to do next' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            properties: { line: { type: 'integer' }, field: { type: 'string' }, message: { type: 'string' } },
            required: ['message'],
          },
        },
      },
      required: ['code', 'message', 'hint', 'details'],
    },
  },
  required: ['error'],
};

const failed = {
  description: 'Refused; the status follows from the code: 400, 401, 403, 404, 409, or 500',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
} as const;

const text = { type: 'string' } as const;

/** The REST door as an OpenAPI 3.1 document: what the contract says, and the calls that are only there in HTTP. */
export async function describeRest(): Promise<Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: { title: 'Pushrod', version: '1', description: 'Push firmware to every device on the bench.' },
    servers: [{ url: '/api' }],
    security: [{ pairing: [] }],
    components: {
      securitySchemes: { pairing: { type: 'http', scheme: 'bearer', description: 'The token that POST /pair gives' } },
      schemas: { Error: errorSchema },
    },
    customErrorResponseBodySchema: { $ref: '#/components/schemas/Error' },
  });
  const paths = document.paths ?? {};
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path ?? {}) as Operation[])) {
    // The contract knows one status for all of its errors; on HTTP each code has its own.
    operation.responses = { ...operation.responses, default: failed };
    delete operation.responses['400'];
  }
  paths['/pair'] = { post: pair };
  paths['/session'] = { get: session };
  paths['/firmware'] = {
    ...paths['/firmware'],
    post: { ...upload, responses: { 201: added(paths), default: failed } },
  };
  return { ...document, paths };
}

/** The upload answers what the contract's own way of adding a firmware answers. */
function added(paths: NonNullable<Document['paths']>) {
  return { ...paths['/firmware/path']?.post?.responses?.['200'], description: 'The stored firmware' };
}

const pair: Operation = {
  operationId: 'pair',
  summary: 'Trades the pairing code, which works once, for a token',
  security: [],
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { type: 'object', properties: { code: text }, required: ['code'] } } },
  },
  responses: {
    200: {
      description: 'Paired',
      content: { 'application/json': { schema: { type: 'object', properties: { token: text }, required: ['token'] } } },
    },
    429: { ...failed, description: 'Too many wrong codes; wait a minute' },
    default: failed,
  },
};

const session: Operation = {
  operationId: 'session',
  summary: 'Says whether the token is still good',
  responses: {
    200: {
      description: 'It is',
      content: { 'application/json': { schema: { type: 'object', properties: { ok: { const: true } } } } },
    },
    default: failed,
  },
};

const upload: Omit<Operation, 'responses'> = {
  operationId: 'firmware.upload',
  summary: 'Adds a firmware file: the body is its bytes',
  parameters: [
    { name: 'fileName', in: 'query', required: true, schema: text },
    { name: 'version', in: 'query', schema: text },
    { name: 'models', in: 'query', schema: { type: 'array', items: text }, style: 'form', explode: false },
    { name: 'notes', in: 'query', schema: text },
  ],
  requestBody: { required: true, content: { 'application/octet-stream': { schema: {} } } },
};
