/**
 * How a customer begins (E6; docs/billing-rules.md, "First sync"): what would happen, and the context of
 * saying it.
 */
import type { Beginning } from '#app/api/schemas/customers.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { whileNobodySyncs } from '#app/process/worker.ts'
import { firstSyncs } from '#db/mappings/customers.ts'
import { type Mapping, mapping } from '#db/mappings/mappings.ts'
import { periodStatesOf } from '#db/mappings/period-states.ts'
import { tenant } from '#db/prism/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import { agreementFindings } from '#lib/billing/agreement-rules.ts'
import { lastDay } from '#lib/billing/days.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import { programOptions } from '#lib/intake/context.ts'
import type { Program } from '#lib/programs/registry.ts'
import type { BeginContext } from '#lib/sync/begin.ts'
import { type InvoicedMonth, monthsMissed, monthsToSync, priceOf } from '#lib/sync/missed.ts'
import { alsoBilledOf } from '#lib/sync/other-agreements.ts'
import { agreementUses } from './mapping.ts'

export async function beginContext(
  organisationId: string,
  program: Program,
  actor: string,
): Promise<BeginContext> {
  const { db } = server()
  return {
    db,
    organisationId,
    program: program.slug,
    actor,
    byDefault: (await programOptions(db, organisationId, program)).firstSync,
    alone: (agreementId, work) => whileNobodySyncs(organisationId, program.slug, agreementId, work),
  }
}

/** Throws `not-found` where the program has no such customer, or ConnectWise no such agreement. */
export async function beginningOn(
  organisationId: string,
  program: Program,
  tenantId: string,
  agreementId: number,
): Promise<Beginning> {
  const { db } = server()
  if ((await tenant(db, organisationId, program.slug, tenantId)) === null)
    throw new ProductError('not-found', `PRISM lists no customer with the tenant id '${tenantId}'.`)
  const { client } = await connectWiseOf(organisationId)
  const agreement = await client.agreement(agreementId)
  if (agreement === null) throw new ProductError('not-found', `ConnectWise has no agreement ${agreementId}.`)

  const options = await programOptions(db, organisationId, program)
  const useOf = await agreementUses(organisationId, program.slug, tenantId)
  const stored = await mapping(db, organisationId, program.slug, tenantId)
  const there = stored?.agreementId === agreementId ? stored : null
  const settings = { db, organisationId, program, options }
  const { months, isFirst } = await monthsOn(settings, { tenantId, agreementId }, stored)
  const through = invoicedThrough(agreement)
  const latest = months.at(-1)
  const ctx = { db, organisationId, program, connectWise: client }
  const place = { companyId: agreement.company.id, agreementId }
  return {
    months: [...months],
    isFirst,
    isInvoiced: latest === undefined || through === null ? null : through >= lastDay(latest.period),
    alsoBilled: isFirst ? await alsoBilledOf(ctx, place, tenantId) : [],
    begin: there?.begin ?? null,
    byDefault: options.firstSync,
    findings: agreementFindings(agreement, useOf(agreementId)),
  }
}

/**
 * What a customer's next sync on an agreement would take: before a first sync the months to sync, later those missed since.
 * @param stored where it is mapped now
 */
export async function monthsOn(
  settings: Parameters<typeof monthsToSync>[0],
  { tenantId, agreementId }: { readonly tenantId: string; readonly agreementId: number },
  stored: Mapping | null,
): Promise<{ readonly months: readonly InvoicedMonth[]; readonly isFirst: boolean }> {
  const { db, organisationId, program } = settings
  const there = stored?.agreementId === agreementId ? stored : null
  const states = await periodStatesOf(db, organisationId, program.slug, [tenantId])
  const isFirst = states.every((each) => each.agreementId !== agreementId || each.state !== 'good')
  const months =
    isFirst || there === null
      ? await monthsToBegin(settings, tenantId, there)
      : await monthsMissed(settings, there)
  return { months, isFirst }
}

/** Of a customer that is mapped there, what it still has to sync; of another, the latest invoice. */
async function monthsToBegin(
  ctx: Parameters<typeof monthsToSync>[0],
  tenantId: string,
  there: Mapping | null,
): Promise<InvoicedMonth[]> {
  if (there !== null) return monthsToSync(ctx, there)
  const first = (await firstSyncs(ctx.db, ctx.organisationId, ctx.program.slug, [tenantId])).get(tenantId)
  if (first === undefined) return []
  const invoice = { id: first.invoiceId, period: first.period }
  return [{ period: first.period, price: await priceOf(ctx, tenantId, invoice) }]
}
