/** The guards over invoices (F18): each is judged once, when it becomes the one of its month, and what they hold is not written. */
import type { Database } from '#db/client.ts'
import {
  chargedLines,
  guardedAgreements,
  guardedOf,
  putGuardVerdict,
  tenantsCharged,
  unappliedInvoices,
} from '#db/mappings/guard-verdicts.ts'
import { lookAtAgreementsAgain } from '#db/mappings/mappings.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import { programSettings } from '#db/prism/programs.ts'
import { decimal, money, zero } from '#lib/billing/decimal.ts'
import {
  type ChargedLines,
  type GuardInput,
  isSteady,
  judgeGuard,
  type RunningSubscription,
  runningSubscription,
} from '#lib/billing/guard.ts'
import type { Usage } from '#lib/billing/types.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import type { IntakeContext } from './context.ts'

interface Scope {
  readonly db: Database
  readonly organisationId: string
  /** Its slug. */
  readonly program: string
}

/**
 * Judges an invoice over all agreements of the organisation, against the last good month of each subscription, and keeps what
 * it found in the place of what was found in it before. To be called when the invoice becomes the one of its month, in the
 * same transaction: a look does not judge again what it judged, so that a plan half of which is written is not asked about twice.
 */
export const judgeInvoice = async (scope: Scope, invoice: Pick<Invoice, 'id' | 'period'>): Promise<void> => {
  const { organisationId, program } = scope
  await scope.db.transaction(async (tx) => {
    const options =
      (await programSettings(tx, organisationId, program)) ?? programBySlug(program)?.defaults ?? null
    if (options === null) return
    const { guards, annualTermsMonthly } = options
    const lines = chargedLines(tx, organisationId, program, invoice)
    const running = await runningOf(lines, annualTermsMonthly)
    const tenantsOnInvoice = await tenantsCharged(tx, organisationId, program, invoice.id)
    const verdict = judgeGuard({ ...running, tenantsOnInvoice, ...guards })
    await putGuardVerdict(tx, organisationId, program, invoice.id, verdict)
  })
}

/** Of what goes on as it was only how much it is is kept: in an ordinary month that is nearly all. */
const runningOf = async (
  lines: AsyncIterable<ChargedLines>,
  annualTermsMonthly: boolean,
): Promise<Required<Pick<GuardInput, 'running' | 'steady'>>> => {
  const running: RunningSubscription[] = []
  let count = 0
  let total = zero
  for await (const of of bySubscription(lines)) {
    const found = runningSubscription(of, annualTermsMonthly)
    if (found === null) continue
    if (!isSteady(found)) running.push(found)
    else {
      count += 1
      total = total.plus(decimal(found.before))
    }
  }
  return { running, steady: { count, total: money(total) } }
}

async function* bySubscription(lines: AsyncIterable<ChargedLines>): AsyncGenerator<readonly ChargedLines[]> {
  let current: ChargedLines[] = []
  for await (const line of lines) {
    if (current[0] !== undefined && current[0].subscriptionId !== line.subscriptionId) {
      yield current
      current = []
    }
    current.push(line)
  }
  if (current.length > 0) yield current
}

/**
 * After the guards were set anew: judges again what is not applied yet, and has the next look sync the agreements of which
 * they hold, or held, something. Call it in the transaction that stores the settings.
 */
export const judgeUnapplied = async (scope: Scope, now: Date): Promise<void> => {
  const { db, organisationId, program } = scope
  const before = await guardedAgreements(db, organisationId, program)
  for (const invoice of await unappliedInvoices(db, organisationId, program))
    await judgeInvoice(scope, invoice)
  const after = await guardedAgreements(db, organisationId, program)
  await lookAtAgreementsAgain(db, organisationId, program, [...before, ...after], now)
}

/** The usages with what the guards hold of the agreement; one that nobody judged, as it was in use before there were guards, is judged now. */
export const withGuarded = async (
  ctx: IntakeContext,
  agreementId: number,
  usages: readonly Usage[],
): Promise<Usage[]> => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const guarded: Usage[] = []
  for (const usage of usages) {
    const { invoiceId, period } = usage
    const find = () => guardedOf(db, organisationId, program, invoiceId, agreementId)
    let held = await find()
    if (held === null) {
      await judgeInvoice({ db, organisationId, program }, { id: invoiceId, period })
      held = (await find()) ?? {}
    }
    guarded.push(Object.keys(held).length === 0 ? usage : { ...usage, guarded: held })
  }
  return guarded
}
