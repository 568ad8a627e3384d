import type { OperationKind } from './operation.ts';

/** What a kind of operation says: its sentence, what its target names, and the names of its details. */
export type OperationMeaning = {
  readonly sentence: string;
  readonly target: string;
  readonly details: Readonly<Record<string, string>>;
};

/** Where a letter stood when something was done to it: a newer copy of the same letter has failed again since. */
const LETTER = {
  topic: 'the dead-letter topic',
  partition: 'its partition',
  offset: 'where the copy of the letter stands on it',
} as const;

/** What target and details mean. A kind that is not here has no meaning yet, and nobody writes it. */
export const OPERATION_KINDS: Readonly<Partial<Record<OperationKind, OperationMeaning>>> = {
  redrive: {
    sentence: 'A redrive of a selection of letters is begun, or begun again.',
    target: 'the dead-letter topic',
    details: {
      redrive: 'the id of the redrive',
      selection: 'which letters, as JSON',
      rate: 'letters a second',
      max: 'most letters; absent: all',
      maxRedrives: 'letters that were redriven so often are left alone',
      map: 'SHA-256 of the map; absent: none',
      ends: 'where the topic ended when the redrive was begun, as JSON: partition to offset',
    },
  },
  redrive_ended: {
    sentence: 'A redrive is done.',
    target: 'the dead-letter topic',
    details: {
      redrive: 'the id of the redrive',
      redriven: 'letters it sent',
      left: 'letters it left, by reason, as JSON',
    },
  },
  letter_redriven: {
    sentence: 'A letter was sent to its group again.',
    target: 'the letter',
    details: {
      ...LETTER,
      redrive: 'the id of the redrive',
      redrives: 'how often the letter was redriven by now, probes not counted',
    },
  },
  replay: {
    sentence: 'A replay is started: tracks are sent through phases again.',
    target: 'the replay; also the run of every event that it sends',
    details: {
      order: 'which tracks, into which lane, what is forced, how fast, as JSON',
      plan: 'what it was to cost, as JSON',
    },
  },
  replay_paused: { sentence: 'A replay sends nothing for now.', target: 'the replay', details: {} },
  replay_resumed: { sentence: 'A paused replay goes on.', target: 'the replay', details: {} },
  replay_cancelled: {
    sentence: 'A replay sends nothing more. Of earlier versions; now it is a `cancel`.',
    target: 'the replay',
    details: {},
  },
  replay_ended: {
    sentence: 'All tracks that a replay has sent, cancelled or not, have come through.',
    target: 'the replay',
    details: {
      sent: 'how often it sent one',
      tracks:
        'how many there were; fewer where a range holds one several times; absent in earlier versions: as many as were sent',
    },
  },
  resolve: {
    sentence: 'Letters are closed by hand; each has a `letter_resolved` of its own.',
    target: 'what was selected: the topic of dead letters, or `dead-letters`',
    details: { selection: 'which letters, as JSON', letters: 'how many' },
  },
  letter_resolved: {
    sentence: 'A letter was closed by hand.',
    target: 'the letter',
    details: { ...LETTER, resolve: 'the operation by which it was' },
  },
  cancel: {
    sentence:
      'A run is cancelled: its events still in the pipeline go on, and nobody is asked for them any more. A replay sends nothing more.',
    target: 'the run, or the replay',
    details: {},
  },
  withdraw: {
    sentence:
      'A track is withdrawn for good: nobody is asked for it, no row tells of it, and what is stored of it is erased.',
    target: 'the track',
    details: {},
  },
};
