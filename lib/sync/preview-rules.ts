/** What other price rules would do to all that syncs (J11), by what is stored: the newest invoice, and agreements as they were read last. */
import { ownedAdditions } from '#db/ledger/changes.ts'
import { newestReadings } from '#db/ledger/readings.ts'
import { type Mapping, mappingsOf } from '#db/mappings/mappings.ts'
import { priceRulesOf, type Taken, takenOn } from '#db/mappings/price-rules.ts'
import { usage as readUsage } from '#db/prism/invoice-lines.ts'
import { type Invoice, readyInvoices } from '#db/prism/invoices.ts'
import { allProducts } from '#db/prism/products.ts'
import { subscriptionsOfTenants } from '#db/prism/tenants.ts'
import { allEnded } from '#lib/base/all-ended.ts'
import { previewRules, type RulePreviewRow } from '#lib/billing/rule-preview.ts'
import type { Agreement, Day, Period, PriceRule } from '#lib/billing/types.ts'
import type { StoredContext } from './context.ts'
import { takenBySubscription } from './price-rules.ts'

type Context = Pick<StoredContext, 'db' | 'organisationId' | 'program' | 'options'>

export interface RulesPreview {
  /** The usage month of the invoice that it is by; `null`: none is there yet. */
  readonly period: Period | null
  /** When the agreement that was read longest ago was read; `null`: none was. */
  readonly readAt: Date | null
  /** Agreements that sync and were never read, of which nothing is told. */
  readonly unread: number
  readonly rows: readonly RulePreviewRow[]
}

/** The rules before and after a change. */
export interface RuleSides {
  readonly before: readonly PriceRule[]
  readonly after: readonly PriceRule[]
}

/** Agreements that are looked at together. */
const AT_ONCE = 100

/**
 * @param sides of the rules as they are stored, those that are compared
 * @param tenantId the only customer that it can concern; `null`: any
 */
export const previewRuleChange = async (
  ctx: Context,
  sides: (rules: readonly PriceRule[]) => RuleSides,
  tenantId: string | null,
): Promise<RulesPreview> => {
  const { db, organisationId } = ctx
  const program = ctx.program.slug
  const [rules, invoices, mappings, products] = await allEnded(
    priceRulesOf(db, organisationId, program),
    readyInvoices(db, organisationId, program),
    mappingsOf(db, organisationId, program),
    allProducts(db, organisationId, program),
  )
  const invoice = invoices.at(-1)
  const syncing = mappings.filter(
    (each) => each.syncEnabled && (tenantId === null || each.tenantId === tenantId),
  )
  if (invoice === undefined) return { period: null, readAt: null, unread: 0, rows: [] }
  const byAgreement = [...Map.groupBy(syncing, ({ agreementId }) => agreementId)]
  const { before, after } = sides(rules)
  const found: RulePreviewRow[] = []
  const readAts: Date[] = []
  let unread = 0
  for (let at = 0; at < byAgreement.length; at += AT_ONCE) {
    const part = byAgreement.slice(at, at + AT_ONCE)
    const read = await readPart(ctx, invoice, part)
    unread += part.length - read.length
    for (const { readAt, ...each } of read) {
      readAts.push(readAt)
      found.push(...previewRules({ ...each, products }, before, after))
    }
  }
  const [readAt = null] = readAts.toSorted((a, b) => a.getTime() - b.getTime())
  return { period: invoice.period, readAt, unread, rows: found }
}

const readPart = async (
  { db, organisationId, program, options }: Context,
  invoice: Invoice,
  part: readonly (readonly [number, readonly Mapping[]])[],
) => {
  const agreementIds = part.map(([id]) => id)
  const tenantIds = part.flatMap(([, all]) => all.map((each) => each.tenantId))
  const [readings, taken, usage, subscriptions] = await allEnded(
    newestReadings(db, organisationId, agreementIds),
    takenOn(db, organisationId, program.slug, agreementIds),
    readUsage(db, organisationId, program.slug, invoice, tenantIds),
    subscriptionsOfTenants(db, organisationId, program.slug, tenantIds),
  )
  const linesOf = Map.groupBy(usage.lines, (line) => line.tenantId)
  const takenOf = Map.groupBy(taken, (each: Taken) => each.agreementId)
  const known = new Map(readings.map((each) => [each.agreementId, each]))
  const all = []
  for (const [agreementId, mapped] of part) {
    const reading = known.get(agreementId)
    if (reading === undefined) continue
    all.push({
      readAt: reading.lastReadAt,
      agreement: agreementOf(agreementId, reading.nextInvoiceDate),
      additions: reading.additions,
      owned: await ownedAdditions(db, organisationId, program.slug, agreementId),
      tenants: mapped.map((each) => ({ id: each.tenantId, name: '', syncs: true })),
      subscriptions: subscriptions.filter((each) =>
        mapped.some(({ tenantId }) => tenantId === each.tenantId),
      ),
      rulesTaken: takenBySubscription(takenOf.get(agreementId) ?? []),
      options,
      usage: { ...usage, lines: mapped.flatMap((each) => linesOf.get(each.tenantId) ?? []) },
    })
  }
  return all
}

/** Of an agreement only its number and how far it is invoiced are stored; it is taken as one that goes on. */
const agreementOf = (id: number, nextInvoiceDate: Day | null): Agreement => ({
  id,
  name: '',
  startDate: '2000-01-01' as Day,
  endDate: null,
  nextInvoiceDate,
  status: 'Active',
  cancelled: false,
  dateCancelled: null,
  prorate: true,
  invoicingCycle: 'CalendarYear',
  periodType: '',
  billStartDate: null,
  billingCycle: '',
  billsMonthly: true,
  currency: null,
  parentAgreementId: null,
})
