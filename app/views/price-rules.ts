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
import { priceRulesFor, priceRulesOf, type StoredRule } from '#db/mappings/price-rules.ts'
import { productsNamed } from '#db/prism/products.ts'
import { programSettings } from '#db/prism/programs.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { skuKey } from '#lib/billing/keys.ts'
import { scopeOf } from '#lib/billing/price-rules.ts'
import { ruleText } from '#lib/billing/rule-text.ts'
import type { Program } from '#lib/programs/registry.ts'

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
