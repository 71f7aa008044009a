/**
 * Takes something that one bench may have of all that share a registry, for good. Returns the name of the bench that has
 * it, where that is another `owner`.
 */
export type Claim = (key: string, owner: string) => Promise<string | undefined>;

/** Nobody else is there to take it. */
export const aloneClaim: Claim = async () => undefined;
