/** Companies that are billed for Microsoft's products and are no customer's: what is billed there, PRISM invoices to nobody here. */
import type { UnclaimedCompanies, UnclaimedQuery } from '#app/api/schemas/scan.ts'
import { connectWiseOf, currencyOf } from '#app/process/clients.ts'
import { inTurns } from '#app/process/in-turns.ts'
import { server } from '#app/process/process.ts'
import type { ScannedLine } from '#db/connections/scanned.ts'
import { mappingsOf } from '#db/mappings/mappings.ts'
import { boughtByTenants } from '#db/prism/bought.ts'
import { namedTenants } from '#db/prism/tenant-names.ts'
import { decimal, money, quantity, sum } from '#lib/billing/decimal.ts'
import { type SkuKey, type SubscriptionKey, skuKey } from '#lib/billing/keys.ts'
import type { Product } from '#lib/billing/types.ts'
import { suggestInSteps, type TenantToMatch } from '#lib/matching/suggest-companies.ts'
import { withContacts } from './contacts.ts'
import { type ScannedEvidence, scannedEvidence } from './scanned-evidence.ts'

const PAGE_SIZE = 50

type Unclaimed = UnclaimedCompanies['companies'][number]
type UnclaimedAgreement = Unclaimed['agreements'][number]

/**
 * By the last full scan, the largest amount first. A company to which a customer is mapped is none of them, nor is one that is
 * likely a customer's: that one is to be mapped.
 */
export async function unclaimedCompanies(
  organisationId: string,
  program: string,
  { page }: UnclaimedQuery,
): Promise<UnclaimedCompanies> {
  const { db } = server()
  const [evidence, currency] = await Promise.all([
    scannedEvidence(organisationId, program),
    currencyOf(organisationId),
  ])
  const [named, mapped, bought] = await Promise.all([
    namedTenants(db, organisationId, program),
    mappingsOf(db, organisationId, program),
    boughtByTenants(db, organisationId, program),
  ])
  const all = evidence === null ? [] : billedOf(evidence, subscriptionsOf(bought))
  const isMapped = new Set(mapped.map(({ companyId }) => companyId))
  const open = all.filter(({ companyId }) => !isMapped.has(companyId))
  const claims =
    evidence === null || open.length === 0
      ? new Map<number, Claim>()
      : await claimsOn(organisationId, evidence, {
          tenants: named.map((each) => ({ ...each, bought: bought.get(each.id) ?? [] })),
          mapped: new Set(mapped.map(({ tenantId }) => tenantId)),
        })
  const unclaimed = open
    .filter(({ companyId }) => claims.get(companyId)?.isLikely !== true)
    .map((each) => ({ ...each, maybe: claims.get(each.companyId)?.tenant ?? null }))
    .toSorted((a, b) => Number(b.amount) - Number(a.amount) || a.companyId - b.companyId)
  return {
    companies: unclaimed.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
    page,
    pageSize: PAGE_SIZE,
    total: unclaimed.length,
    amount: money(sum(unclaimed.map(({ amount }) => decimal(amount)))),
    currency,
    readAt: evidence?.readAt.toISOString() ?? null,
  }
}

const subscriptionsOf = (bought: Awaited<ReturnType<typeof boughtByTenants>>): ReadonlySet<SubscriptionKey> =>
  new Set([...bought.values()].flatMap((of) => of.map(({ subscription }) => subscription)))

/** Every company with an open addition of one of the program's products. */
function billedOf(
  { lines, products }: ScannedEvidence,
  known: ReadonlySet<SubscriptionKey>,
): Omit<Unclaimed, 'maybe'>[] {
  const ours = lines.flatMap((line) => {
    const product = products.get(line.sku ?? skuKey(''))
    return line.isActive && product !== undefined && !decimal(line.quantity).eq(0) ? [{ line, product }] : []
  })
  return [...Map.groupBy(ours, ({ line }) => line.companyId)].map(([companyId, of]) => {
    const agreements = [...Map.groupBy(of, ({ line }) => line.agreementId)].map(([id, its]) =>
      agreementOf(id, its, known),
    )
    return {
      companyId,
      companyName: of[0]?.line.companyName ?? '',
      amount: money(sum(agreements.map(({ amount }) => decimal(amount ?? '0')))),
      agreements,
    }
  })
}

interface Billed {
  readonly line: ScannedLine
  readonly product: Product
}

function agreementOf(
  id: number,
  billed: readonly Billed[],
  known: ReadonlySet<SubscriptionKey>,
): UnclaimedAgreement {
  const byProduct = Map.groupBy(billed, ({ product }): SkuKey => skuKey(product.sku))
  const [first] = billed
  const count = (is: (line: ScannedLine) => boolean): number => billed.filter(({ line }) => is(line)).length
  return {
    id,
    name: first?.line.agreementName ?? '',
    products: [...byProduct.values()].map((of) => ({
      name: of[0]?.product.name ?? '',
      quantity: quantity(sum(of.map(({ line }) => decimal(line.quantity)))),
    })),
    amount:
      first?.line.isMonthly === true ? money(sum(billed.map(({ line }) => decimal(line.amount)))) : null,
    serials: {
      known: count(({ serial }) => known.has(serial)),
      unknown: count(({ serial }) => serial !== '' && !known.has(serial)),
      none: count(({ serial }) => serial === ''),
    },
  }
}

/** Who may be a company best. */
interface Claim {
  readonly tenant: { readonly tenantId: string; readonly name: string }
  readonly score: number
  readonly isLikely: boolean
}

/** Of customers that are mapped nowhere, by the company that each is suggested first. */
async function claimsOn(
  organisationId: string,
  { read, contacts }: ScannedEvidence,
  {
    tenants,
    mapped,
  }: {
    readonly tenants: readonly TenantToMatch[]
    readonly mapped: ReadonlySet<string>
  },
): Promise<Map<number, Claim>> {
  const { client } = await connectWiseOf(organisationId)
  const { records } = await client.everyCompany()
  const claims = new Map<number, Claim>()
  const suggested = await inTurns(
    suggestInSteps({ tenants, companies: withContacts(records, contacts), read }),
  )
  for (const { tenant, companies } of suggested) {
    const [first] = companies
    if (first === undefined || mapped.has(tenant.id)) continue
    const claim = {
      tenant: { tenantId: tenant.id, name: tenant.name },
      score: first.score,
      isLikely: first.isLikely,
    }
    const best = claims.get(first.company.id)
    if (best === undefined || claim.score > best.score) claims.set(first.company.id, claim)
  }
  return claims
}
