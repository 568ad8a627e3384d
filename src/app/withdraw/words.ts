import { printable } from '#app/terminal.ts';
import { withdrawnSentence } from '#feed/gone.ts';
import type { WithdrawalPlan, WithdrawnTrack } from '#feed/withdrawal-ports.ts';

const plural = (count: number, word: string): string =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

/** What a withdrawal would erase and what it cannot, for the one who has to agree. */
export function planLines({ trackId, name, artists, answers, ...plan }: WithdrawalPlan): readonly string[] {
  const { sightings, feedEntries, letters, shared } = plan;
  const known = [name ?? 'unknown to the read model', artists.join(', ')].filter(Boolean).join(' — ');
  const byProvider = Object.entries(answers).map(([provider, count]) => `${provider} ${count}`);
  return [
    `${trackId} (${printable(known)}) is withdrawn for good: there is no way back.`,
    'Erased in the database, all at once:',
    `  its row, ${plural(sightings, 'place')} in playlists, its values in ${plural(feedEntries, 'feed entry').replace('entrys', 'entries')}, the message of ${plural(letters, 'dead letter')}`,
    `  its answers in the ledger: ${byProvider.join(', ') || 'none'}`,
    ...(shared.tracks === 0
      ? []
      : [
          `Kept: ${plural(shared.answers, 'answer')} about its recording, for ${plural(shared.tracks, 'other track')} with its ISRC.`,
        ]),
    'Kept: answers about its album, artists, works and writers; they are not its own.',
    'On tracks.latest a tombstone follows it; on the other topics its events stay until retention takes them.',
  ];
}

/** What became of a withdrawal, or that a track is withdrawn. */
export const withdrawnLines = (withdrawn: WithdrawnTrack): readonly string[] => [
  printable(withdrawnSentence(withdrawn)),
];
