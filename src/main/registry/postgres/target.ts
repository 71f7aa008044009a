import type { ClientConfig } from 'pg';
import { PushrodError } from '../../../shared/errors.ts';

/** The database of a shared registry: how to reach it, and how to call it without telling its password. */
export interface Target {
  config: ClientConfig;
  /** `user@host:port/database` */
  name: string;
  /** Text of others, with the password blotted out should it be in there. */
  withoutPassword(text: string): string;
}

const connectTimeoutMs = 5_000;
/** A page, a count or one batch of a long piece of work; what writes may wait longer for its turn. */
const statementTimeoutMs = 60_000;
/** A bench that falls asleep within a transaction must not hold up the others. */
const idleInTransactionMs = 60_000;
const keepAliveAfterMs = 10_000;

/** @throws PushrodError `INVALID_INPUT` for a URL that is not one of PostgreSQL; the message does not repeat it */
export function parseTarget(url: string, benchName: string): Target {
  const parsed = URL.parse(url);
  if (!parsed || !['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    const message = 'write it as postgres://user:password@host:5432/database';
    throw new PushrodError('INVALID_INPUT', `registry: ${message}`, [{ field: 'registry', message }]);
  }
  const { hostname, port, username, pathname } = parsed;
  // pg takes a password from the query as well.
  const secrets = [parsed.password, decode(parsed.password), ...parsed.searchParams.getAll('password')].filter(Boolean);
  return {
    config: {
      connectionString: url,
      application_name: `Pushrod on ${benchName}`,
      connectionTimeoutMillis: connectTimeoutMs,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: idleInTransactionMs,
      // Compiling a query takes longer than any of ours takes to run.
      options: '-c jit=off',
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveAfterMs,
    },
    name: `${username && `${decode(username)}@`}${hostname || 'localhost'}:${port || 5432}${decode(pathname)}`,
    withoutPassword: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '…'), text),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
