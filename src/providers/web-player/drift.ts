import { type Contract, type Mismatch, sampleOf } from '#providers/contract.ts';
import { creditsIn, type PageEvidence } from './facts.ts';

/** The kind under which pages are counted. */
export const PAGE_KIND = 'page';
const PAGE = { provider: 'web-player', kind: PAGE_KIND } as const;

const namesIn = (evidence: PageEvidence): readonly string[] =>
  creditsIn(evidence)?.people.contributors.map(({ name }) => name) ?? [];

/**
 * A dialog may be read before all of it is drawn, so that it lacks people proves nothing; that it names somebody whom the JSON does
 * not name does.
 */
function disagree(evidence: PageEvidence): boolean {
  const json = { ...evidence, dom: null };
  if (creditsIn(json) === null) return false;
  const named = new Set(namesIn(json));
  return namesIn({ ...evidence, credits: null }).some((name) => !named.has(name));
}

function problemsOf(evidence: PageEvidence): readonly Pick<Mismatch, 'field' | 'problem'>[] {
  const credits = creditsIn(evidence);
  if (credits === null) return [{ field: 'credits', problem: 'neither reading tells them' }];
  return [
    ...(credits.people.reading === 'dom' ? [{ field: 'json', problem: 'the credits are from the dialog' }] : []),
    ...(disagree(evidence) ? [{ field: 'people', problem: 'the dialog names others than the JSON' }] : []),
  ];
}

/**
 * Counts a page that was read for its credits, and what is not as it should be: credits from the dialog (`json`), readings that
 * disagree (`people`), no reading at all (`credits`). For pages that a connection or a refusal cut short this is not called.
 */
export function tellDrift(contract: Contract | undefined, evidence: PageEvidence): void {
  if (contract === undefined) return;
  contract.checked(PAGE.provider, PAGE.kind, 1);
  for (const problem of problemsOf(evidence)) contract.mismatched({ ...PAGE, ...problem, sample: sampleOf(evidence) });
}
