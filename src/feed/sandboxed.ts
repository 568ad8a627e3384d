import type { FeedPorts } from './context.ts';

/** Whether any phase is answered by a stand-in. Then the page and every client must say so: the data is made up. */
export const sandboxed = (providers: FeedPorts['providers']): boolean => Object.values(providers).includes('sandbox');
