/** A person's word about an invoice that waits for it (F1). */
import type { Database } from '#db/client.ts'
import { audit } from '#db/queries/audit.ts'
import { type Invoice, invoicesOf, invoice as readInvoice, updateInvoice } from '#db/queries/invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import { decideMonth } from './months.ts'

interface Decided {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly invoiceId: string
  readonly actor: string
  readonly now: Date
}

/**
 * Makes a held or excluded invoice the one of its usage month; the one in use, and others that wait, are superseded. What is
 * due then is found by the next `detect`. Throws `not-found`, or `conflict` where it cannot be picked.
 */
export const pickInvoice = async (input: Decided): Promise<void> => {
  const { organisationId, program, actor, now } = input
  await input.db.transaction(async (tx) => {
    const picked = await waitingInvoice(tx, input, ['held', 'excluded', 'superseded'])
    if (picked.contentHash === null || picked.lineCount === 0)
      throw new ProductError('conflict', `Invoice ${picked.id} has no lines to sync.`)
    for (const each of await invoicesOf(tx, organisationId, program))
      if (
        each.period === picked.period &&
        each.id !== picked.id &&
        (each.state === 'ready' || each.state === 'held')
      )
        await updateInvoice(tx, organisationId, program, each.id, { state: 'superseded' })
    await updateInvoice(tx, organisationId, program, picked.id, {
      state: 'ready',
      readyAt: now,
      decidedAt: now,
      decidedBy: actor,
    })
    await audit(tx, organisationId, { actor, action: 'invoice-picked', subject: picked.id })
  })
}

/** Leaves an invoice out for good; another candidate of its month that waited only for it becomes usable. */
export const excludeInvoice = async (input: Decided): Promise<void> => {
  const { organisationId, program, actor, now } = input
  await input.db.transaction(async (tx) => {
    const excluded = await waitingInvoice(tx, input, ['held', 'refused'])
    await updateInvoice(tx, organisationId, program, excluded.id, {
      state: 'excluded',
      decidedAt: now,
      decidedBy: actor,
    })
    const month = (await invoicesOf(tx, organisationId, program)).filter(
      (each) => each.period === excluded.period && each.state !== 'ignored',
    )
    for (const { id, set } of decideMonth(month, []))
      await updateInvoice(
        tx,
        organisationId,
        program,
        id,
        set.state === 'ready' ? { ...set, readyAt: now } : set,
      )
    await audit(tx, organisationId, { actor, action: 'invoice-excluded', subject: excluded.id })
  })
}

const waitingInvoice = async (
  tx: Database,
  { organisationId, program, invoiceId }: Decided,
  states: readonly Invoice['state'][],
): Promise<Invoice> => {
  const found = await readInvoice(tx, organisationId, program, invoiceId)
  if (!found) throw new ProductError('not-found', `There is no invoice ${invoiceId}.`)
  if (!states.includes(found.state))
    throw new ProductError(
      'conflict',
      `Invoice ${invoiceId} is ${found.state}; only one that is ${states.join(' or ')} can be decided about.`,
    )
  return found
}
