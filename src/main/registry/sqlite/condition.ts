/** A WHERE clause over `devices` and its named parameters. */
export interface Where {
  sql: string;
  parameters: Record<string, unknown>;
}

/** A condition on `devices` and its named parameters. */
export type Condition = [sql: string, parameters: Record<string, unknown>];
