import { DatabaseError } from 'pg';
import { PushrodError } from '../../../shared/errors.ts';
import type { Target } from './target.ts';

/**
 * Classes and codes that say the server cannot be used now, or not by us (PostgreSQL, appendix A): connection, no such
 * role or password, no such database, too many connections, shutting down or starting up, only reading.
 */
const unreachable = /^(?:08|28|3D|53|57P|25006)/;
const queryCanceled = '57014';
const insufficientPrivilege = '42501';

/** What went wrong while talking to the database, as the rest of Pushrod knows it. Never tells the password. */
export function toRegistryError(thrown: unknown, target: Target): PushrodError {
  if (thrown instanceof PushrodError) return thrown;
  const reason = target.withoutPassword(reasonOf(thrown));
  const is = (what: string) => `The shared registry ${target.name} ${what}`;
  // What is not an answer of the server comes from the driver or the network below it.
  if (!(thrown instanceof DatabaseError) || unreachable.test(thrown.code ?? '')) {
    return new PushrodError('REGISTRY_UNREACHABLE', is(`cannot be reached: ${reason}`));
  }
  if (thrown.code === queryCanceled) {
    return new PushrodError('REGISTRY_UNREACHABLE', is(`took too long to answer: ${reason}`));
  }
  if (thrown.code === insufficientPrivilege) {
    const message = 'let this role create and use the schema "pushrod" in this database';
    return new PushrodError('INVALID_INPUT', is(`refuses: ${reason}`), [{ field: 'registry', message }]);
  }
  return new PushrodError('INTERNAL', is(`failed: ${reason}`), [], { cause: thrown });
}

function reasonOf(thrown: unknown): string {
  // Each address of a host that has several fails on its own.
  if (thrown instanceof AggregateError) return [...new Set(thrown.errors.map(reasonOf))].join(', ');
  return thrown instanceof Error ? thrown.message : String(thrown);
}
