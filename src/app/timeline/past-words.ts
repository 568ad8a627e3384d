import { inColour, printable } from '#app/terminal.ts';
import type { TrackDetail } from '#feed/ports.ts';
import { PHASES } from '#track/phase.ts';

const WIDTH = 28;

/** A value of the summary as people read it. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null)
    return 'value' in value ? String(value.value) : JSON.stringify(value);
  return String(value);
}

/** A track as it was, for people: how the phases had ended, and every value with source and date. */
export function pastLines(track: TrackDetail, at: number, coloured: boolean): readonly string[] {
  const paint = inColour(coloured);
  const { trackId, name, artists, status, summary, phases } = track;
  const values = Object.entries(summary).flatMap(([field, resolved]) =>
    resolved === null || Array.isArray(resolved) ? [] : [{ field, ...resolved }],
  );
  return [
    paint('strong', printable([name ?? trackId, artists.join(', ')].filter(Boolean).join(' — '))),
    `${trackId} as it was at ${new Date(at).toISOString()}: ${status}`,
    PHASES.map((phase) => `${phase} ${phases[phase] ?? '–'}`).join(', '),
    '',
    ...values.map(({ field, value, source, at: since }) =>
      [
        field.padEnd(WIDTH),
        printable(valueText(value)),
        paint('quiet', `${source}, ${new Date(since).toISOString().slice(0, 10)}`),
      ].join('  '),
    ),
  ];
}
