/**
 * What ConnectWise's invoices billed, told from readings of an agreement (docs/billing-rules.md,
 * "Days billed"). ConnectWise says how far it has invoiced, and not what: so what it billed is what we read
 * last before that moved on, with what we wrote since.
 */
import { isOnNoInvoice } from './billed-days.ts'
import { monthEnd } from './days.ts'
import { decimal } from './decimal.ts'
import { invoicedThrough } from './timeline.ts'
import type { Addition, AgreementInvoice, Day } from './types.ts'

/** All additions of an agreement, and how far it was invoiced when they were read. */
export interface Reading {
  /** `null`: ConnectWise gives none, so that it tells no invoice. */
  readonly nextInvoiceDate: Day | null
  readonly additions: readonly Addition[]
}

/**
 * The invoices that readings tell, oldest first: wherever a reading says that more was invoiced than the one before, the one
 * before is what was billed. Where it says less, an invoice was deleted, and its days are not billed any more.
 * @param readings oldest first
 */
export function invoicesBetween(readings: readonly Reading[]): AgreementInvoice[] {
  const invoices: AgreementInvoice[] = []
  let before: { readonly through: Day; readonly additions: readonly Addition[] } | null = null
  for (const reading of readings) {
    const through = invoicedThrough(reading)
    if (through === null) continue
    while (invoices.length > 0 && (invoices.at(-1)?.through ?? through) > through) invoices.pop()
    if (before !== null && before.through < through) invoices.push({ through, additions: before.additions })
    before = { through, additions: reading.additions }
  }
  return invoices
}

/** A write of ours that took place; `after` is `null` where the addition was deleted. */
export interface SettledWrite {
  readonly additionId: number
  readonly after: Addition | null
}

/** Additions as they were read, with what was written since; a write that the reading showed already changes nothing. */
export function withWrites(additions: readonly Addition[], writes: readonly SettledWrite[]): Addition[] {
  const all = byId(additions)
  for (const { additionId, after } of writes) {
    if (after === null) all.delete(additionId)
    else all.set(additionId, after)
  }
  return [...all.values()]
}

/**
 * Additions that somebody created, edited or deleted between the readings around an invoice, so that it billed the one or the
 * other; those that differ in nothing that it bills are left out. In ascending order of id.
 * @param through the last day that it billed
 */
export function doubtful(before: readonly Addition[], after: readonly Addition[], through: Day): number[] {
  const [one, other] = [byId(before), byId(after)]
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((id) => billedAs(one.get(id), through) !== billedAs(other.get(id), through))
    .sort((a, b) => a - b)
}

/**
 * What each invoice between two readings billed, where those differ: an addition that was changed last before an invoice was
 * made was billed by it as it is afterwards; each other one as it was before.
 * @param ids the additions that differ
 * @param changedAt by addition id, when ConnectWise says that it was changed last, in milliseconds since 1970
 * @param madeAt when each of the invoices was made, likewise, oldest first
 */
export function billedBetween(
  before: readonly Addition[],
  after: readonly Addition[],
  ids: readonly number[],
  { changedAt, madeAt }: { changedAt: ReadonlyMap<number, number>; madeAt: readonly number[] },
): Addition[][] {
  const later = byId(after)
  return madeAt.map((made) => {
    const billed = byId(before)
    for (const id of ids) {
      const addition = later.get(id)
      if (addition && (changedAt.get(id) ?? made) < made) billed.set(id, addition)
    }
    return [...billed.values()].sort((a, b) => a.id - b.id)
  })
}

/** All that decides what is billed of an addition up to a day; equal for one that bills nothing by then and one that is not there. */
function billedAs(addition: Addition | undefined, through: Day): string {
  if (addition === undefined) return ''
  const { effectiveDate, cancelledDate, quantity, lessIncluded, unitCost, unitPrice } = addition
  const isBefore = effectiveDate !== null && effectiveDate > through
  const isNever = effectiveDate !== null && cancelledDate !== null && cancelledDate < effectiveDate
  if (isBefore || isNever || isOnNoInvoice(addition)) return ''
  const end = cancelledDate === null || monthEnd(cancelledDate) >= through ? '' : monthEnd(cancelledDate)
  const numbers = [quantity, lessIncluded, unitCost, unitPrice].map((value) => decimal(value).toFixed())
  return [addition.catalogItemId, addition.billCustomer, effectiveDate ?? '', end, ...numbers].join(' ')
}

const byId = (all: readonly Addition[]): Map<number, Addition> =>
  new Map(all.map((addition) => [addition.id, addition]))
