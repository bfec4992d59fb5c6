/**
 * What ConnectWise's invoices billed, told from readings of an agreement (docs/billing-rules.md,
 * "Days billed"). ConnectWise says how far it has invoiced, and not what: so what it billed is what we read
 * last before that moved on, with what we wrote since.
 */
import { isOnNoInvoice } from './billed-days.ts'
import { monthEnd } from './days.ts'
import { decimal } from './decimal.ts'
import { invoicedThrough } from './timeline.ts'
import type { Addition, AgreementInvoice, BilledAnswer, BilledDoubt, Day } from './types.ts'

/** All additions of an agreement, and how far it was invoiced when they were read. */
export interface Reading {
  /** `null`: ConnectWise gives none, so that it tells no invoice. */
  readonly nextInvoiceDate: Day | null
  readonly additions: readonly Addition[]
  /** Of the invoice that came after it. */
  readonly doubts?: readonly BilledDoubt[]
}

/**
 * The invoices that readings tell, oldest first: wherever a reading says that more was invoiced than the one before, the one
 * before is what was billed. Where it says less, an invoice was deleted, and its days are not billed any more.
 * @param readings oldest first
 */
export function invoicesBetween(readings: readonly Reading[]): AgreementInvoice[] {
  const invoices: AgreementInvoice[] = []
  let before: AgreementInvoice | null = null
  for (const reading of readings) {
    const through = invoicedThrough(reading)
    if (through === null) continue
    while (invoices.length > 0 && (invoices.at(-1)?.through ?? through) > through) invoices.pop()
    if (before !== null && before.through < through) invoices.push({ ...before, through })
    const { additions, doubts = [] } = reading
    before = { through, additions, ...(doubts.length === 0 ? {} : { doubts }) }
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

/** What one invoice billed, as far as that is known. */
export type BilledReading = Required<Pick<Reading, 'additions' | 'doubts'>>

/**
 * What each invoice between two readings billed, where those differ: an addition that was changed last before an invoice was
 * made was billed by it as it is afterwards, one that was changed last after it as it was before. A doubt is one of which no time
 * tells: it was deleted, or changed in the same second; it was not there before, so that it may have been made before the invoice and edited
 * after it; the last change may be our own; or the time of that or of the invoice is not known. It counts as it was before.
 * @param ids the additions that differ
 * @param changedAt by addition id, when ConnectWise says that it was changed last, in milliseconds since 1970
 * @param madeAt when each of the invoices was made, likewise, oldest first; `null`: not known
 * @param written those that we wrote to since the reading before
 */
export function billedBetween(
  before: readonly Addition[],
  after: readonly Addition[],
  ids: readonly number[],
  {
    changedAt,
    madeAt,
    written,
  }: {
    changedAt: ReadonlyMap<number, number>
    madeAt: readonly (number | null)[]
    written: ReadonlySet<number>
  },
): BilledReading[] {
  const [earlier, later] = [byId(before), byId(after)]
  return madeAt.map((made) => {
    const billed = byId(before)
    const doubts: BilledDoubt[] = []
    for (const additionId of ids) {
      const addition = later.get(additionId)
      const changed = changedAt.get(additionId)
      if (addition === undefined || changed === undefined || made === null)
        doubts.push({ additionId, after: addition ?? null })
      else if (changed < made) billed.set(additionId, addition)
      else if (changed === made || !earlier.has(additionId) || written.has(additionId))
        doubts.push({ additionId, after: addition })
    }
    return { additions: [...billed.values()].sort((a, b) => a.id - b.id), doubts }
  })
}

/** The invoices as people said that they billed; what nobody answered is still a doubt. */
export const withBilledAnswers = (
  invoices: readonly AgreementInvoice[],
  answers: readonly BilledAnswer[],
): AgreementInvoice[] =>
  invoices.map(({ through, additions, doubts = [] }) => {
    const all = byId(additions)
    const open: BilledDoubt[] = []
    for (const doubt of doubts) {
      const { additionId, readingId, after } = doubt
      const answer = answers.find(
        (each) => each.additionId === additionId && each.through === through && each.readingId === readingId,
      )
      if (answer === undefined) open.push(doubt)
      else if (answer.billed === 'after') {
        if (after === null) all.delete(additionId)
        else all.set(additionId, after)
      }
    }
    const billed = [...all.values()].sort((a, b) => a.id - b.id)
    return { through, additions: billed, ...(open.length === 0 ? {} : { doubts: open }) }
  })

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
