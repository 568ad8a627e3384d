import type { WorkFacts } from '#providers/mlc/facts.ts';
import type { Publisher, WorkWriter } from '#track/sections/publishing.ts';

export const aWriter = (name: string, over: Partial<WorkWriter> = {}): WorkWriter => ({
  id: null,
  name,
  ipi: null,
  roleCode: 'CA',
  ...over,
});

export const aPublisher = (name: string, share: number | null, over: Partial<Publisher> = {}): Publisher => ({
  name,
  ipi: null,
  roleCode: 'E',
  share,
  administrators: [],
  parents: [],
  ...over,
});

export const aWork = (over: Partial<WorkFacts> = {}): WorkFacts => ({
  songCode: 'AB1234',
  iswc: 'T-123.456.789-4',
  title: 'EXAMPLE SONG',
  akas: [],
  writers: [aWriter('ADA EXAMPLE')],
  publishers: [aPublisher('Big Songs', 100)],
  disputed: false,
  ...over,
});

/** A work as the song search of The MLC lists it. */
export const wireSongOf = (mlcSongCode: string, over: Record<string, unknown> = {}) => ({
  mlcSongCode,
  iswc: '',
  workTitle: 'EXAMPLE SONG',
  writers: [{ writerId: '7', writerFirstName: 'ADA', writerLastName: 'EXAMPLE', writerIPI: '', writerRoleCode: 'CA' }],
  ...over,
});

/** A work as The MLC answers it. */
export const wireWorkOf = (mlcSongCode: string, over: Record<string, unknown> = {}) => ({
  mlcSongCode,
  iswc: 'T-123.456.789-4',
  primaryTitle: 'EXAMPLE SONG',
  writers: [
    { writerId: 7, writerFirstName: 'ADA', writerLastName: 'EXAMPLE', writerIPI: '00123456789', writerRoleCode: 'CA' },
  ],
  publishers: [
    {
      publisherName: 'Big Songs',
      publisherIpiNumber: '',
      publisherRoleCode: 'E',
      collectionShare: '50.0',
      administrators: [{ publisherName: 'Collector', publisherIpiNumber: '00000000999' }],
      parentPublishers: [],
    },
  ],
  ...over,
});
