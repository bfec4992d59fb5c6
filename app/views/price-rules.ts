/** The price rules of a program (J11), with the names of their customers and products. */
import type { z } from 'zod'
import {
  MOST_RULES,
  type rulesQuerySchema,
  type ShownRule,
  type ShownRules,
} from '#app/api/schemas/price-rules.ts'
import { csvLine } from '#app/http/csv.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { momentOf } from '#db/mappings/mutes.ts'
import { priceRulesFor, priceRulesOf, type StoredRule } from '#db/mappings/price-rules.ts'
import { invoicedProducts, productsOfTenant } from '#db/prism/invoices.ts'
import { allProducts, productsNamed } from '#db/prism/products.ts'
import { programSettings } from '#db/prism/programs.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { addMonths, periodOf } from '#lib/billing/days.ts'
import { skuKey } from '#lib/billing/keys.ts'
import { scopeOf } from '#lib/billing/price-rules.ts'
import { productName } from '#lib/billing/products.ts'
import type { RulePreviewRow } from '#lib/billing/rule-preview.ts'
import { ruleText } from '#lib/billing/rule-text.ts'
import type { Period } from '#lib/billing/types.ts'
import { programOptions } from '#lib/intake/context.ts'
import type { Program } from '#lib/programs/registry.ts'
import { previewRuleChange } from '#lib/sync/preview-rules.ts'

type Query = z.output<typeof rulesQuerySchema>

export async function shownRules(
  organisationId: string,
  program: Program,
  query: Query,
): Promise<ShownRules> {
  const { db } = server()
  const [found, currency, settings] = await Promise.all([
    rulesFound(organisationId, program, query),
    currencyOf(organisationId),
    programSettings(db, organisationId, program.slug),
  ])
  return {
    rules: found.slice(0, MOST_RULES),
    count: found.length,
    currency,
    marginPercent: settings?.marginPercent ?? null,
  }
}

async function rulesFound(
  organisationId: string,
  { slug: program }: Program,
  { search, tenantId }: Query,
): Promise<ShownRule[]> {
  const { db } = server()
  const stored = await (tenantId === undefined
    ? priceRulesOf(db, organisationId, program)
    : priceRulesFor(db, organisationId, program, [tenantId]))
  const named = await withNames(organisationId, program, stored)
  const sought = search.toLowerCase()
  return named.filter(({ customer, product, terms }) =>
    [customer?.name, customer?.id, product?.name, product?.sku, ruleText(terms)].some((text) =>
      text?.toLowerCase().includes(sought),
    ),
  )
}

/** As they are shown, in the order in which they are given. */
export async function withNames(
  organisationId: string,
  program: string,
  rules: readonly StoredRule[],
): Promise<ShownRule[]> {
  const { db } = server()
  const [tenants, products] = await Promise.all([
    tenantsByIds(
      db,
      organisationId,
      program,
      rules.flatMap(({ tenantId }) => tenantId ?? []),
    ),
    productsNamed(db, organisationId, program, {
      idsOrSkus: rules.flatMap(({ sku }) => sku ?? []),
      names: [],
    }),
  ])
  const names = new Map(tenants.map(({ id, name }) => [id, name]))
  const bySku = new Map(products.map((each) => [skuKey(each.sku), each]))
  return rules.map((rule): ShownRule => {
    const { id, tenantId, sku, from, terms, changedBy, changedAt } = rule
    const product = sku === null ? undefined : bySku.get(skuKey(sku))
    return {
      id,
      customer: tenantId === null ? null : { id: tenantId, name: names.get(tenantId) ?? tenantId },
      product: sku === null ? null : { sku: product?.sku ?? sku, name: product?.name ?? sku },
      scope: scopeOf(rule),
      from,
      terms,
      changedBy,
      changedAt: changedAt.toISOString(),
    }
  })
}

const header = [
  'Customer',
  'Customer id',
  'Product',
  'SKU',
  'From',
  'Rule',
  'Percent',
  'Price',
  'Changed by',
  'Changed at',
]

export async function priceRulesCsv(organisationId: string, program: Program, query: Query): Promise<string> {
  const rows = (await rulesFound(organisationId, program, query)).map(
    ({ customer, product, from, terms, changedBy, changedAt }) => [
      customer?.name ?? '',
      customer?.id ?? '',
      product?.name ?? '',
      product?.sku ?? '',
      from ?? '',
      terms.kind,
      terms.kind === 'cost-plus' ? terms.percent : '',
      terms.kind === 'fixed' ? terms.unitPrice : '',
      changedBy,
      changedAt,
    ],
  )
  return [header, ...rows].map(csvLine).join('')
}

/** Products to choose from, by name: those that are in use, of one customer or of all that sync. */
export async function productChoices(
  organisationId: string,
  { slug: program }: Program,
  tenantId: string | null,
): Promise<ProductChoice[]> {
  const { db } = server()
  const [invoiced, products] = await Promise.all([
    tenantId === null
      ? invoicedProducts(db, organisationId, program)
      : productsOfTenant(db, organisationId, program, tenantId),
    allProducts(db, organisationId, program),
  ])
  const ids = new Set(invoiced.map(({ productId }) => skuKey(productId)))
  const names = new Set(invoiced.map(({ offerName }) => productName(offerName)))
  return products
    .filter(({ productId, name }) => ids.has(skuKey(productId)) || names.has(productName(name)))
    .map(({ sku, name }) => ({ sku, name }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

export interface ProductChoice {
  readonly sku: string
  readonly name: string
}

/** What a customer's subscriptions are written at by rules, and which rule won; none of those without one. */
export async function ruledProducts(
  organisationId: string,
  program: Program,
  tenantId: string,
): Promise<readonly RulePreviewRow[]> {
  const { db } = server()
  const options = await programOptions(db, organisationId, program)
  const { rows } = await previewRuleChange(
    { db, organisationId, program, options },
    (rules) => ({ before: [], after: rules }),
    tenantId,
  )
  return rows.toSorted((a, b) => (a.product < b.product ? -1 : 1))
}

/** The running month and those after it, for a year. */
export async function monthsToChoose(organisationId: string, { slug: program }: Program): Promise<Period[]> {
  const { today } = await momentOf(server().db, organisationId, program, new Date())
  return Array.from({ length: 13 }, (_, at) => addMonths(periodOf(today), at))
}
