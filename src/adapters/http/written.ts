import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';

type Told = () => void;

/** Whose request is made in the asynchronous context of a `fetch`. */
const asked = new AsyncLocalStorage<Told>();
const tellers = new WeakMap<object, Told>();

const requestIn = (message: unknown): object | null => {
  const request = typeof message === 'object' && message !== null ? Reflect.get(message, 'request') : null;
  return typeof request === 'object' ? request : null;
};

// The channels of undici, which Node's `fetch` is made of (nodejs/undici, docs/docs/api/DiagnosticsChannel.md).
subscribe('undici:request:create', (message) => {
  const [request, told] = [requestIn(message), asked.getStore()];
  if (request !== null && told !== undefined) tellers.set(request, told);
});
subscribe('undici:request:bodySent', (message) => {
  const request = requestIn(message);
  if (request !== null) tellers.get(request)?.();
});

/** Runs a `fetch` and tells when its request, body included, was handed to the connection. */
export const tellingWritten = <Value>(told: Told, fetching: () => Promise<Value>): Promise<Value> =>
  asked.run(told, fetching);
