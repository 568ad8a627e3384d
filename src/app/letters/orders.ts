import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import { whoOf } from '#app/operations/who.ts';
import type { Told } from '#app/told.ts';
import type { LetterSelection } from '#feed/letter-ports.ts';
import { letterSelection } from '#feed/schemas/letter.ts';
import { loadMap } from './redrive/map.ts';
import type { RedriveOrder } from './redrive/order.ts';
import { planRedrive } from './redrive/plan.ts';
import { MAX_REDRIVES, redrive, topicsOf } from './redrive/redrive.ts';
import { planLines, redrivenLines } from './redrive/words.ts';
import { resolveLetters } from './resolve.ts';
import { selectionOf } from './select.ts';

type Options = Readonly<Record<string, string>>;
type Wrong = { readonly wrong: string };

/** Where an order says how it goes on, and by what it is told to stop. */
export type Attendance = { readonly say: (line: string) => void; readonly signal: AbortSignal };

/** What came of an order: `isWhole` when all that was asked for is done. */
export type Outcome = { readonly told: Told; readonly isWhole: boolean };

export type LetterOrder = (connections: Connections, config: Config, attendance: Attendance) => Promise<Outcome>;

/** Letters a second, unless told. */
export const DEFAULT_RATE = 100;

/** The selection of a command line: a command that changes something takes none by accident. */
function chosen(options: Options, flags: ReadonlySet<string>): { readonly selection: LetterSelection } | Wrong {
  const read = selectionOf(letterSelection, options, Date.now());
  if ('wrong' in read) return read;
  const isNarrow = Object.values(read.query).some((value) => value !== null);
  if (isNarrow === flags.has('all')) {
    return { wrong: isNarrow ? '--all and a selection: say one of them.' : 'Select letters, or say --all.' };
  }
  return { selection: read.query };
}

const numberOf = (name: string, text: string, isWhole: boolean): number | Wrong => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value) && (!isWhole || Number.isInteger(value))) return value;
  return { wrong: `--${name} is "${text}": a ${isWhole ? 'whole ' : ''}number above 0 was expected.` };
};

/**
 * Reads an order to redrive.
 * @param options names and values as people type them
 */
export async function redriveOrder(
  options: Options,
  flags: ReadonlySet<string>,
): Promise<{ readonly order: LetterOrder } | Wrong> {
  const {
    rate: rateText = String(DEFAULT_RATE),
    max: maxText,
    map: file,
    reason = null,
    by,
    id = null,
    ...rest
  } = options;
  const { 'max-redrives': redrivesText = String(MAX_REDRIVES), ...selecting } = rest;
  const wanted = id === null ? chosen(selecting, flags) : selectedOrAll(selecting);
  if ('wrong' in wanted) return wanted;
  const rate = numberOf('rate', rateText.replace(/\/s$/, ''), false);
  const max = maxText === undefined ? null : numberOf('max', maxText, true);
  const maxRedrives = numberOf('max-redrives', redrivesText, true);
  const map = file === undefined ? null : await loadMap(file);
  for (const part of [rate, max, maxRedrives, map])
    if (part !== null && typeof part === 'object' && 'wrong' in part) return part;
  const order = { ...wanted, rate, max, maxRedrives, probe: false, map, by: whoOf(by), reason, id } as RedriveOrder;
  return { order: flags.has('dry-run') ? dryRun(order) : realRun(order) };
}

/** A redrive is known by its id; the selection is needed all the same when it is begun. */
function selectedOrAll(options: Options): { readonly selection: LetterSelection } | Wrong {
  const read = selectionOf(letterSelection, options, Date.now());
  return 'wrong' in read ? read : { selection: read.query };
}

const dryRun =
  (order: RedriveOrder): LetterOrder =>
  async (connections, config, { signal }) => {
    const plan = await planRedrive(order, connections, config, signal);
    if ('refused' in plan) return refusal(plan.refused);
    const isWhole = Object.keys(plan.left.counts).length === 0;
    return { told: { json: plan, lines: (coloured) => planLines(plan, coloured) }, isWhole };
  };

const realRun =
  (order: RedriveOrder): LetterOrder =>
  async (connections, _config, { say, signal }) => {
    const tell = (dlq: string, sent: number, of: number) => say(`${dlq}: ${sent} of ${of}`);
    const done = await redrive(order, connections, { tell, signal });
    const isWhole = done.ends.every((end) => end.kind === 'ended' && Object.keys(end.left.counts).length === 0);
    return { told: { json: done, lines: (coloured) => redrivenLines(done, coloured) }, isWhole };
  };

const refusal = (message: string): Outcome => ({
  told: { json: { refused: message }, lines: () => [message] },
  isWhole: false,
});

/** Reads an order to close letters by hand. */
export function resolveOrder(options: Options, flags: ReadonlySet<string>): { readonly order: LetterOrder } | Wrong {
  const { reason = '', by, ...selecting } = options;
  if (reason.trim() === '')
    return { wrong: 'resolve needs --reason: it is all that is left of a letter that nobody looks at again.' };
  const wanted = chosen(selecting, flags);
  if ('wrong' in wanted) return wanted;
  const order = { ...wanted, by: whoOf(by), reason };
  return {
    order: async (connections, _config, { signal }) => {
      const done = await resolveLetters(order, connections, topicsOf(wanted.selection), signal);
      if ('refused' in done) return refusal(done.refused);
      const line = `${done.resolved.toLocaleString('en')} dead letter${done.resolved === 1 ? '' : 's'} resolved.`;
      return { told: { json: done, lines: () => [line] }, isWhole: !signal.aborted };
    },
  };
}
