const ATTEMPTS = 40;
const WAIT_MS = 250;

/** kafkajs says of each of its errors whether trying again may help. */
const mayPass = (error: unknown): boolean => error instanceof Error && 'retriable' in error && error.retriable === true;

/**
 * Asks again, for some ten seconds, while a broker restarts or a leader or coordinator moves; `renew` runs before each new try.
 * For reads only. kafkajs retries some of these by itself, and not others.
 */
export const untilPassed = async <Answer>(ask: () => Promise<Answer>, renew: () => Promise<void>): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!mayPass(error) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      await renew();
    }
  }
};
