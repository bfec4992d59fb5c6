/** What people answered about an agreement, for the API and the pages. */
import type { Answers } from '#app/api/schemas/answers.ts'
import { server } from '#app/process/process.ts'
import { billedAnswersOf } from '#db/ledger/billed-answers.ts'
import { ownedAdditions } from '#db/ledger/changes.ts'
import { additionAnswersOf } from '#db/mappings/addition-answers.ts'
import { whatFollows } from '#db/mappings/bring-sync.ts'
import { confirmationsOf } from '#db/mappings/confirmations.ts'
import { lineAnswerOf, lineAnswersOf, type StoredLineAnswer } from '#db/mappings/line-answers.ts'
import { type PeriodState, periodStatesOf } from '#db/mappings/period-states.ts'
import { usage } from '#db/prism/invoice-lines.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { subscriptionsOfTenants } from '#db/prism/tenants.ts'
import { chargeWords } from '#lib/billing/annual/charge-words.ts'
import { identityKey } from '#lib/billing/annual/line-identity.ts'
import { amount } from '#lib/billing/decimal.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { codesOfCause } from '#lib/billing/lasting-points.ts'
import { productName } from '#lib/billing/products.ts'
import { invoicedTotal } from '#lib/billing/reconcile.ts'
import type { InvoiceLine, OwnedAddition, Subscription } from '#lib/billing/types.ts'
import { tenantsOf } from '#lib/inbox/answers.ts'
import { type LineOwner, lineIdOf } from '#lib/inbox/line-id.ts'
import { shownMutes } from './mutes.ts'

/** Throws `not-found` where no customer of the organisation is mapped to the agreement. */
export async function answersOf(
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<Answers> {
  const { db } = server()
  const tenantIds = await tenantsOf({ db, organisationId, program }, agreementId)
  const [follows, answers, billed, lines, owned, confirmed, ready, states, subscriptions, muted] =
    await Promise.all([
      whatFollows(db, organisationId, program, agreementId),
      additionAnswersOf(db, organisationId, program, agreementId),
      billedAnswersOf(db, organisationId, agreementId),
      lineAnswersOf(db, organisationId, program, agreementId),
      ownedAdditions(db, organisationId, program, agreementId),
      confirmationsOf(db, organisationId, program, agreementId),
      readyInvoices(db, organisationId, program),
      periodStatesOf(db, organisationId, program, tenantIds),
      subscriptionsOfTenants(db, organisationId, program, tenantIds),
      shownMutes(organisationId, program, tenantIds),
    ])
  const usable = new Set(ready.map(({ id }) => id))
  const skipped = states.filter(({ state }) => state !== 'good')
  return {
    follows,
    answers: answers.map(({ additionId, answer, subscriptionId, endsOn, answeredBy, answeredAt }) => ({
      additionId,
      answer,
      subscriptionId,
      endsOn,
      by: answeredBy,
      at: answeredAt.toISOString(),
    })),
    billed: billed.map(({ additionId, through, billed: as, answeredBy, answeredAt }) => ({
      additionId,
      through,
      billed: as,
      by: answeredBy,
      at: answeredAt.toISOString(),
    })),
    lines: lines.map((each) => shownLine({ organisationId, agreementId }, each, owned)),
    confirmed: confirmed
      .filter(({ invoiceId }) => usable.has(invoiceId))
      .map(({ subscriptionId, period, question, confirmedBy, confirmedAt }) => ({
        subscriptionId,
        period,
        question,
        by: confirmedBy,
        at: confirmedAt.toISOString(),
      })),
    skipped: await skippedShown(organisationId, program, skipped, subscriptions),
    mutes: muted.mutes.map(({ id, tenant, cause, says, reason, until, untilNextInvoice, mutedBy }) => ({
      id,
      says,
      reason,
      until,
      untilNextInvoice,
      mutedBy,
      tenantId: tenant.id,
      codes: codesOfCause(cause),
    })),
    subscriptions: subscriptions.map(({ id, tenantId, productName: product }) => ({ id, tenantId, product })),
  }
}

function shownLine(
  of: LineOwner,
  stored: StoredLineAnswer,
  owned: readonly OwnedAddition[],
): Answers['lines'][number] {
  const { line, says } = lineAnswerOf(stored)
  const { cost: _, ...words } = chargeWords(line)
  const isWritten = owned.some(
    ({ carries }) => carries && identityKey(carries) === identityKey(line) && carries.turn >= line.turn,
  )
  return {
    lineId: lineIdOf(of, line),
    invoiceId: line.invoiceId,
    says,
    ...words,
    isWritten,
    by: stored.answeredBy,
    at: stored.answeredAt.toISOString(),
  }
}

async function skippedShown(
  organisationId: string,
  program: string,
  skipped: readonly PeriodState[],
  subscriptions: readonly Subscription[],
): Promise<Answers['skipped']> {
  const lines = new Map<string, readonly InvoiceLine[]>()
  for (const { invoiceId, period } of skipped) {
    if (lines.has(invoiceId)) continue
    const tenantIds = [...new Set(skipped.map(({ tenantId }) => tenantId))]
    const of = { id: invoiceId, period }
    lines.set(invoiceId, (await usage(server().db, organisationId, program, of, tenantIds)).lines)
  }
  const names = new Map(subscriptions.map(({ id, productName: name }) => [subscriptionKey(id), name]))
  return skipped.map(({ tenantId, subscriptionId, period, invoiceId, by, state }) => {
    const own = (lines.get(invoiceId) ?? []).filter((line) => line.subscriptionId === subscriptionId)
    const name = names.get(subscriptionId) ?? productName(own[0]?.offerName ?? subscriptionId)
    const charged = amount(invoicedTotal(own))
    const isUndone = state === 'parked'
    return { tenantId, subscriptionId, product: name, period, amount: charged, by: by ?? '', isUndone }
  })
}
