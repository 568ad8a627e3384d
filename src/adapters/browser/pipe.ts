import type { Readable, Writable } from 'node:stream';
import type { ConnectionTransport } from 'puppeteer';

/** The debugging protocol over a pair of pipes: messages of JSON, each ended by a NUL. */
export function pipeTransport(input: Writable, output: Readable): ConnectionTransport {
  let rest = '';
  const transport: ConnectionTransport = {
    send: (message) => void input.write(`${message}\0`),
    close: () => {
      input.destroy();
      output.destroy();
    },
  };
  // Each in a turn of its own: what one of them settles goes first.
  const hand = (message: string): void => void setImmediate(() => transport.onmessage?.(message));
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = `${rest}${chunk}`.split('\0');
    rest = messages.pop() ?? '';
    messages.forEach(hand);
  });
  output.on('close', () => transport.onclose?.());
  // A broken pipe closes: that is told above.
  input.on('error', () => undefined);
  output.on('error', () => undefined);
  return transport;
}
