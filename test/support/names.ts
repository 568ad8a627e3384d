import { randomBytes } from 'node:crypto';

/**
 * A name no other test has, for topics, groups, subjects and transactional ids on shared services:
 * `uniqueName('orders')` is for example `orders-3f9c2a1b`.
 */
export const uniqueName = (purpose: string): string => `${purpose}-${randomBytes(4).toString('hex')}`;

/** A function that puts one and the same unique prefix before names: `const topic = uniquePrefix('settle'); topic('in')`. */
export const uniquePrefix = (purpose: string): ((name: string) => string) => {
  const prefix = uniqueName(purpose);
  return (name) => `${prefix}.${name}`;
};
