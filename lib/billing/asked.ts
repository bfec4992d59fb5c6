/**
 * Findings that ask a person what an addition is (F5; docs/billing-rules.md, "Unknown is never zero"), with
 * what the answer is about.
 */
import { money, quantity, zero } from './decimal.ts'
import type { Candidate, MatchInput } from './matching.ts'
import { billedBy } from './subscription-row.ts'
import type { AskedAddition, Finding } from './types.ts'

export const asking = (finding: Finding, additions: readonly Candidate[], input: MatchInput): Finding => ({
  ...finding,
  asks: additions.map((each) => askedOf(each, input)),
})

export const askedOf = (
  { id, itemId, serialNumber, pieces }: Candidate,
  { window, ownersOf }: MatchInput,
): AskedAddition => ({
  additionId: id,
  serialNumber,
  quantity: quantity(pieces.at(-1)?.quantity ?? zero),
  billed: money(billedBy(pieces, window).price),
  owners: ownersOf(itemId).map((owner) => owner.id),
})
