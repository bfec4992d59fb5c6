/** A person's word about an invoice that waits for it (F1). */
import type { Database } from '#db/client.ts'
import { lookNoLaterThan } from '#db/directory/due-looks.ts'
import { audit } from '#db/people/audit.ts'
import { lookAtTurnedAnnual } from '#db/prism/at-once-from.ts'
import { type Invoice, lockInvoices, updateInvoice } from '#db/prism/invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import { storeDecisions } from './decide-months.ts'
import { judgeInvoice } from './guarded.ts'
import { decideInvoices, excludeEachOther, usedState } from './judge-month.ts'

interface Decided {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly invoiceId: string
  readonly actor: string
  readonly now: Date
}

/**
 * Makes a held or excluded invoice the one of its usage month, or an annual one the content of its invoice; the one in use, and others that wait, are superseded. What is
 * due then is found by the next `detect`, which comes at once. Throws `not-found`, or `conflict` where it cannot be picked.
 */
export const pickInvoice = async (input: Decided): Promise<void> => {
  const { organisationId, program, actor, now } = input
  await input.db.transaction(async (tx) => {
    const all = await lockInvoices(tx, organisationId, program)
    const picked = invoiceIn(all, input, ['held', 'excluded', 'superseded'])
    if (picked.contentHash === null || picked.lineCount === 0)
      throw new ProductError('conflict', `Invoice ${picked.id} has no lines to sync.`)
    for (const each of all)
      if (
        excludeEachOther(each, picked) &&
        (each.state === 'ready' ||
          each.state === 'annual' ||
          each.state === 'held' ||
          each.state === 'loaded')
      )
        await updateInvoice(tx, organisationId, program, each.id, { state: 'superseded' })
    await updateInvoice(tx, organisationId, program, picked.id, {
      state: usedState(picked.kind),
      readyAt: now,
      decidedAt: now,
      decidedBy: actor,
      ...takenOver(picked, all),
    })
    if (picked.kind === 'annual')
      await lookAtTurnedAnnual(tx, organisationId, program, now, { invoiceId: picked.id })
    if (picked.kind === 'monthly') await judgeInvoice({ db: tx, organisationId, program }, picked)
    await lookNoLaterThan(tx, organisationId, now)
    await audit(tx, organisationId, { actor, action: 'invoice-picked', subject: picked.id })
  })
}

/** An annual invoice that a person took over stays so, whichever content of it is used. */
const takenOver = (
  picked: Invoice,
  all: readonly Invoice[],
): Partial<Pick<Invoice, 'takenBy' | 'takenAt'>> => {
  const taken = all.find((each) => each.prismInvoiceId === picked.prismInvoiceId && each.takenAt !== null)
  if (picked.kind !== 'annual' || taken === undefined) return {}
  return { takenBy: taken.takenBy, takenAt: taken.takenAt }
}

/**
 * Leaves an invoice out for good; another candidate of its month that waited only for it becomes usable, and later months wait
 * for it no more.
 */
export const excludeInvoice = async (input: Decided): Promise<void> => {
  const { organisationId, program, actor, now } = input
  await input.db.transaction(async (tx) => {
    const all = await lockInvoices(tx, organisationId, program)
    const excluded = invoiceIn(all, input, ['held', 'refused', 'unread'])
    await updateInvoice(tx, organisationId, program, excluded.id, {
      state: 'excluded',
      decidedAt: now,
      decidedBy: actor,
    })
    const others = all.filter((each) => each.id !== excluded.id)
    // What is loaded and not decided about yet is for the look that loads it.
    const waiting = new Set(
      others.flatMap((each) => (each.state === 'held' && excludeEachOther(each, excluded) ? [each.id] : [])),
    )
    const decisions = decideInvoices(others).filter(({ id }) => waiting.has(id))
    await storeDecisions({ db: tx, organisationId, program }, others, decisions, now)
    await lookNoLaterThan(tx, organisationId, now)
    await audit(tx, organisationId, { actor, action: 'invoice-excluded', subject: excluded.id })
  })
}

/**
 * Has the next look read the file again, whenever it was read last; one that was excluded without having been read waits again.
 * Throws `not-found`, or `conflict` for an invoice whose file is not read.
 */
export const readInvoiceAgain = async (input: Decided): Promise<void> => {
  const { organisationId, program, actor } = input
  await input.db.transaction(async (tx) => {
    const all = await lockInvoices(tx, organisationId, program)
    const found = invoiceIn(all, input, [
      'held',
      'refused',
      'unread',
      'excluded',
      'ready',
      'annual',
      'superseded',
    ])
    const isUnread = found.state === 'excluded' && found.contentHash === null
    for (const { id } of all.filter((each) => each.prismInvoiceId === found.prismInvoiceId))
      await updateInvoice(tx, organisationId, program, id, { contentCheckedAt: null })
    if (isUnread)
      await updateInvoice(tx, organisationId, program, found.id, { state: 'unread', reasonCode: 'not-given' })
    await audit(tx, organisationId, { actor, action: 'invoice-read-again', subject: found.id })
  })
}

const invoiceIn = (
  all: readonly Invoice[],
  { invoiceId }: Decided,
  states: readonly Invoice['state'][],
): Invoice => {
  const found = all.find((each) => each.id === invoiceId)
  if (!found) throw new ProductError('not-found', `There is no invoice ${invoiceId}.`)
  if (!states.includes(found.state))
    throw new ProductError(
      'conflict',
      `Invoice ${invoiceId} is ${found.state}; only one that is ${states.join(' or ')} can be decided about.`,
    )
  return found
}
