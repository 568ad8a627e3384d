const NAME = 'LocalServicesFailure';

/** An error whose message alone tells a reader what is missing and how to mend it; print it without its stack. */
export const localFailure = (message: string): Error => Object.assign(new Error(message), { name: NAME });

/** Whether an error came from `localFailure`, that is, whether its message may be shown as it is. */
export const isLocalFailure = (error: unknown): error is Error => error instanceof Error && error.name === NAME;
