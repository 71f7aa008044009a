export { openPostgresRegistry, type PostgresOptions, type PostgresRegistry } from './open.ts';
