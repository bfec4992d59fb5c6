/** The checklist of going live, and whom to check before invoicing (G6); all of it stored. */
import { server } from '#app/process/process.ts'
import { connectionsOf } from '#db/connections/connections.ts'
import { preflight } from '#db/connections/preflights.ts'
import { tenantsToMatch } from '#db/mappings/accepted.ts'
import { customerCounts } from '#db/mappings/customers.ts'
import { mapping, mappingsBegunSince } from '#db/mappings/mappings.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { programSettings } from '#db/prism/programs.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { lastProductRun } from '#db/runs/product-runs.ts'
import type { Period } from '#lib/billing/types.ts'
import type { Program } from '#lib/programs/registry.ts'
import { firstToCheck, type GoingLiveStep, goingLiveSteps, monthToCheck } from '#lib/setup/going-live.ts'
import { today } from './mapping.ts'

export interface ToCheck {
  readonly tenantId: string
  readonly name: string
  readonly companyName: string
  readonly agreementName: string
  /** Which of its first two months it is in. */
  readonly month: 1 | 2
}

export interface GoingLive {
  readonly steps: readonly GoingLiveStep[]
  readonly toCheck: readonly ToCheck[]
  /** Usage month of the newest invoice in use; `null`: there is none. */
  readonly newest: Period | null
}

export async function goingLive(organisationId: string, { slug }: Program): Promise<GoingLive> {
  const { db } = server()
  const [connections, found, settings, products, counts, toMatch, invoices] = await Promise.all([
    connectionsOf(db, organisationId),
    preflight(db, organisationId, slug),
    programSettings(db, organisationId, slug),
    lastProductRun(db, organisationId, slug),
    customerCounts(db, organisationId, slug),
    tenantsToMatch(db, organisationId, slug),
    readyInvoices(db, organisationId, slug),
  ])
  const newest = invoices.at(-1)?.period ?? null
  const toCheck = newest === null ? [] : await customersToCheck(organisationId, slug, newest)
  const isConnected = (kind: 'prism' | 'connectwise'): boolean =>
    connections.some((each) => each.kind === kind && each.state === 'connected')
  const { mapped, syncing, attention } = counts
  const steps = goingLiveSteps({
    program: slug,
    today: today(),
    isConnected: { prism: isConnected('prism'), connectwise: isConnected('connectwise') },
    unprepared: found === null ? null : found.checks.filter(({ state }) => state !== 'ok').length,
    mailsTo: settings?.emails.length ?? 0,
    products: products?.status ?? null,
    customers: {
      // Those that are never mapped are no step that is left.
      all: toMatch + mapped + syncing + attention,
      mapped: mapped + syncing + attention,
      syncing: syncing + attention,
    },
    isProgramOn: settings?.enabled ?? false,
    newest,
    toCheck: toCheck.length,
  })
  return { steps, toCheck, newest }
}

/** Which of its first two months a customer that syncs is in; `null`: none. */
export async function checkMonthOf(
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<1 | 2 | null> {
  const { db } = server()
  const found = await mapping(db, organisationId, program, tenantId)
  if (found === null || !found.syncEnabled) return null
  const newest = (await readyInvoices(db, organisationId, program)).at(-1)
  return monthToCheck(found.firstPeriod, newest?.period ?? null)
}

/** Of customers that sync, those whose additions are to be looked at before they are invoiced. */
async function customersToCheck(organisationId: string, program: string, newest: Period): Promise<ToCheck[]> {
  const { db } = server()
  const begun = await mappingsBegunSince(db, organisationId, program, firstToCheck(newest))
  const ids = begun.map(({ tenantId }) => tenantId)
  const names = new Map(
    (await tenantsByIds(db, organisationId, program, ids)).map(({ id, name }) => [id, name]),
  )
  return begun
    .flatMap(({ tenantId, companyName, agreementName, firstPeriod }): ToCheck[] => {
      const month = monthToCheck(firstPeriod, newest)
      if (month === null) return []
      return [{ tenantId, name: names.get(tenantId) ?? tenantId, companyName, agreementName, month }]
    })
    .sort((a, b) => a.month - b.month || a.name.localeCompare(b.name, 'en'))
}
