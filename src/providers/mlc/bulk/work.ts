import type { WorkFacts } from '#providers/mlc/facts.ts';
import { ipiKey } from '#track/names.ts';
import type { Publisher, WorkWriter } from '#track/sections/publishing.ts';
import { valuesOf } from './layout.ts';
import type { BulkParty, BulkShare, BulkWork } from './store.ts';

/** Roles of those who wrote. The type of the share says the same, but is optional. */
const WRITING =
  /^(composer|lyricist|composerlyricist|author|adapter|arranger|translator|librettist|songwriter|writer|sub.*(author|arranger|lyricist))$/i;
const OWNING = /^(original|co)?publisher$|^originalpublisher$/i;

const isWriter = ({ role, type }: BulkShare): boolean =>
  type === 'MusicalWorkManuscriptShare' || WRITING.test((role ?? '').replaceAll(/\s/g, ''));

const isOwner = (share: BulkShare): boolean =>
  !isWriter(share) && (share.type === 'OriginalPublisherShare' || OWNING.test(share.role ?? ''));

const nameOf = (party: BulkParty | null): string =>
  party?.name ?? [party?.before, party?.keyName].filter((name) => name != null).join(' ');

const ipiOf = (party: BulkParty | null): string | null => (party?.ipi == null ? null : ipiKey(party.ipi));

/** Zero means that no share is stated: those who follow collect it. */
function percentOf({ percent }: BulkShare): number | null {
  const share = Number(percent ?? 0);
  return Number.isFinite(share) && share !== 0 ? share : null;
}

const follows = (one: BulkShare, before: BulkShare): boolean => valuesOf(one.preceding).includes(before.id);

/** Who collects in place of a share, each followed by those who collect in theirs; nobody twice, should the feed run in a ring. */
function collectorsOf(share: BulkShare, shares: readonly BulkShare[], seen: ReadonlySet<string>): readonly BulkShare[] {
  const next = shares.filter((one) => !seen.has(one.id) && !isWriter(one) && !isOwner(one) && follows(one, share));
  const known = new Set([...seen, ...next.map(({ id }) => id)]);
  return next.flatMap((one) => [one, ...collectorsOf(one, shares, known)]);
}

/** What a publisher collects, itself or by those who collect for it. */
function collectedBy(share: BulkShare, collectors: readonly BulkShare[]): number | null {
  const own = percentOf(share);
  if (own !== null) return own;
  const direct = collectors.filter((one) => follows(one, share)).flatMap((one) => percentOf(one) ?? []);
  return direct.length === 0 ? null : direct.reduce((sum, percent) => sum + percent, 0);
}

function publisherOf(share: BulkShare, shares: readonly BulkShare[], roleCode: 'E' | 'AM'): Publisher {
  const collectors = collectorsOf(share, shares, new Set([share.id]));
  return {
    name: nameOf(share.party),
    ipi: ipiOf(share.party),
    roleCode,
    share: collectedBy(share, collectors),
    administrators: collectors.map(({ party }) => ({ name: nameOf(party), ipi: ipiOf(party) })),
    parents: [],
  };
}

const writerOf = ({ party, role }: BulkShare): WorkWriter => ({
  id: party?.id ?? null,
  name: nameOf(party),
  ipi: ipiOf(party),
  roleCode: role,
});

/**
 * A work of the feed in the words of the API's, so that the same rules read both. Original publishers own; whoever follows one of
 * them collects for it; whoever follows a writer, or nobody, is listed as one who only collects.
 */
export function bulkWorkFacts({ id, iswc, title, disputed, titles, shares }: BulkWork): WorkFacts {
  const owners = shares.filter(isOwner);
  const collecting = new Set(
    owners.flatMap((one) => collectorsOf(one, shares, new Set([one.id])).map((its) => its.id)),
  );
  const others = shares.filter((one) => !isWriter(one) && !isOwner(one) && !collecting.has(one.id));
  const direct = others.filter((one) => !others.some((before) => follows(one, before)));
  return {
    songCode: id,
    iswc,
    title: title ?? '',
    akas: titles,
    writers: shares.filter(isWriter).map(writerOf),
    publishers: [
      ...owners.map((one) => publisherOf(one, shares, 'E')),
      ...direct.map((one) => publisherOf(one, shares, 'AM')),
    ],
    disputed: /^(true|1|yes)$/i.test(disputed ?? ''),
  };
}
