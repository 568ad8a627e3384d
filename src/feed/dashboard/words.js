/** How each way a phase can end is shown: a sign, a tone and words. Never by colour alone. */
export const STATUSES = {
  enriched: { sign: '✓', tone: 'good', words: 'enriched' },
  known: { sign: '=', tone: 'good', words: 'known already' },
  not_found: { sign: '∅', tone: '', words: 'the provider has none' },
  restricted: { sign: '⊘', tone: '', words: 'restricted in this region' },
  not_offered: { sign: '–', tone: '', words: 'not offered to this account' },
  not_yet: { sign: '…', tone: '', words: 'an earlier phase lacks its input' },
  off: { sign: '·', tone: '', words: 'phase is off' },
  failed: { sign: '!', tone: 'bad', words: 'failed, went on without' },
};

export const WAITING = { sign: '', tone: 'none', words: 'not there yet' };
const UNKNOWN = { sign: '?', tone: '', words: 'unknown status' };

export const statusOf = (status) => (status === null ? WAITING : (STATUSES[status] ?? UNKNOWN));

/** Publisher status: what an A&R reads first. */
export const PUBLISHERS = {
  unsigned: { tone: 'good', words: 'unsigned' },
  self_published: { tone: 'good', words: 'self-published' },
  unregistered: { tone: 'warn', words: 'unregistered' },
  split: { tone: '', words: 'split' },
  signed: { tone: '', words: 'signed' },
  disputed: { tone: 'bad', words: 'disputed' },
  ambiguous: { tone: 'warn', words: 'ambiguous' },
};

export const PHASES = ['spotify', 'credits', 'publishing', 'links', 'analytics'];
export const PHASE_NAMES = {
  spotify: 'Spotify',
  credits: 'Credits',
  publishing: 'Publishing',
  links: 'Links',
  analytics: 'Analytics',
};
