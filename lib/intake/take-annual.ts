/** A person takes over an annual invoice that PRISM issued before these terms were switched on, or takes that back (J9). */
import type { Database } from '#db/client.ts'
import { writtenAnnual } from '#db/ledger/carried-lines.ts'
import { lookAtOneTimeAgain } from '#db/mappings/one-time.ts'
import { audit } from '#db/people/audit.ts'
import { lookAtTurnedAnnual } from '#db/prism/at-once-from.ts'
import { type Invoice, lockInvoices, updateInvoice } from '#db/prism/invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import { isDue } from '#lib/billing/annual/annual-situation.ts'
import { issuedOnOf } from '#lib/billing/annual/issued-on.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { Day } from '#lib/billing/types.ts'

interface Taken {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly invoiceId: string
  /** The program's option: since when these terms are carried. */
  readonly since: Day | null
  readonly actor: string
  readonly now: Date
}

/** The next look syncs the One-Time agreements of its customers. Throws `not-found`, or `conflict` where there is nothing to take over. */
export const takeInvoice = async (input: Taken): Promise<void> => {
  const { organisationId, program, since, actor, now } = input
  await input.db.transaction(async (tx) => {
    const found = annualIn(await lockInvoices(tx, organisationId, program), input)
    if (since === null)
      throw new ProductError(
        'conflict',
        'Terms that are billed at once are not carried: switch on “Annual terms billed at once” first.',
      )
    const issuedOn = issuedOnOf(found)
    if (isDue({ issuedOn, isTaken: found.takenAt !== null }, { options: { annualTermsAtOnce: since } }))
      throw new ProductError(
        'conflict',
        found.takenAt === null
          ? `Invoice ${found.id} is of ${shortDay(issuedOn)} and is carried by itself.`
          : `Invoice ${found.id} is taken over already.`,
      )
    await updateInvoice(tx, organisationId, program, found.id, { takenBy: actor, takenAt: now })
    await lookAtOneTimeAgain(tx, organisationId, program, now)
    await lookAtTurnedAnnual(tx, organisationId, program, now, { invoiceId: found.id })
    await audit(tx, organisationId, { actor, action: 'invoice-taken', subject: found.id })
  })
}

/** Throws `not-found`, or `conflict` where nobody took it over, or something of it is written already. */
export const leaveTakenInvoice = async (input: Taken): Promise<void> => {
  const { organisationId, program, actor, now } = input
  await input.db.transaction(async (tx) => {
    const all = await lockInvoices(tx, organisationId, program)
    const found = annualIn(all, input)
    const versions = all.filter(({ prismInvoiceId }) => prismInvoiceId === found.prismInvoiceId)
    if (versions.every(({ takenAt }) => takenAt === null))
      throw new ProductError('conflict', `Nobody has taken over invoice ${found.id}.`)
    const written = await writtenAnnual(tx, organisationId, program, [found.prismInvoiceId])
    if (written.size > 0)
      throw new ProductError(
        'conflict',
        `Lines of invoice ${found.id} are on an agreement already, so it stays taken over. Undo the sync that wrote them where they are not to be billed.`,
      )
    for (const { id } of versions)
      await updateInvoice(tx, organisationId, program, id, { takenBy: null, takenAt: null })
    await lookAtOneTimeAgain(tx, organisationId, program, now)
    await lookAtTurnedAnnual(tx, organisationId, program, now, { invoiceId: found.id })
    await audit(tx, organisationId, { actor, action: 'invoice-not-taken', subject: found.id })
  })
}

const annualIn = (all: readonly Invoice[], { invoiceId }: Taken): Invoice => {
  const found = all.find((each) => each.id === invoiceId)
  if (!found) throw new ProductError('not-found', `There is no invoice ${invoiceId}.`)
  if (found.state === 'annual') return found
  throw new ProductError(
    'conflict',
    `Invoice ${invoiceId} is no annual invoice in use; only one that is can be taken over.`,
  )
}
