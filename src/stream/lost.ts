const LOST = 'InfrastructureLost';

/**
 * The one exception that is no bug: broker, registry or database cannot be reached. Adapters throw it, also from inside a
 * handler's clients (ledger, governor); the engine then commits nothing and ends, instead of taking the record for faulty.
 * @param what names the thing that is gone, e.g. `postgres`
 */
export function infrastructureLost(what: string, cause: unknown): Error {
  const error = new Error(`${what} cannot be reached`, { cause });
  error.name = LOST;
  return error;
}

/** True for an error of {@link infrastructureLost}, also when something wrapped it as its cause. */
export function isInfrastructureLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === LOST || isInfrastructureLost(error.cause);
}
