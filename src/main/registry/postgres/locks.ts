/** Keys of PostgreSQL's advisory locks, held until a transaction ends. The numbers only have to be no one else's. */
export const locks = {
  /** Held while the schema is looked at and changed. */
  schema: 7_873_001,
  /** Held by what adds or removes devices, or changes several: one of these at a time, in all benches. */
  writing: 7_873_002,
} as const;
