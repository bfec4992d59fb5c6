/**
 * A person makes, changes or removes a price rule (J11). The next syncs use it; one from a month on replaces what is there, so its
 * customers are synced by the next look.
 */
import { randomUUID } from 'node:crypto'
import type { Database } from '#db/client.ts'
import { bringMonthlySyncs } from '#db/mappings/bring-sync.ts'
import {
  deletePriceRule,
  forgetTaken,
  priceRule,
  priceRuleAt,
  putPriceRule,
  type StoredRule,
} from '#db/mappings/price-rules.ts'
import { audit } from '#db/people/audit.ts'
import { productsNamed } from '#db/prism/products.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import { ruleText } from '#lib/billing/rule-text.ts'
import type { PriceRule } from '#lib/billing/types.ts'

export interface RuleContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
}

export type RuleInput = Omit<PriceRule, 'id'>

/** Throws `not-found` for a customer that is none, and `request-invalid` for a SKU that no price list had or a fixed price of many products. */
export async function checkRule(
  { db, organisationId, program }: Omit<RuleContext, 'actor'>,
  { tenantId, sku, terms }: RuleInput,
): Promise<void> {
  if (terms.kind === 'fixed' && sku === null)
    throw new ProductError('request-invalid', 'A fixed price is for one product: choose which.')
  if (tenantId !== null && (await tenantsByIds(db, organisationId, program, [tenantId])).length === 0)
    throw new ProductError('not-found', 'There is no such customer.')
  if (sku === null) return
  const products = await productsNamed(db, organisationId, program, { idsOrSkus: [sku], names: [] })
  if (products.length === 0)
    throw new ProductError('request-invalid', `No price list has, or had, a product with the SKU ${sku}.`)
}

/**
 * Stores a rule, in place of the one for the same customer, product and month where there is one; the same once more changes nothing.
 * Throws what `checkRule` throws.
 */
export async function setPriceRule({
  ctx,
  input,
}: {
  ctx: RuleContext
  input: RuleInput
}): Promise<StoredRule> {
  const { db, organisationId, program, actor } = ctx
  await checkRule(ctx, input)
  return db.transaction(async (tx) => {
    const before = await priceRuleAt(tx, organisationId, program, input)
    if (before !== null && JSON.stringify(before.terms) === JSON.stringify(input.terms)) return before
    await putPriceRule(tx, organisationId, program, { ...input, id: randomUUID(), changedBy: actor })
    // What is said anew takes hold anew.
    if (before !== null) await forgetTaken(tx, organisationId, program, before.id)
    const stored = await priceRuleAt(tx, organisationId, program, input)
    if (stored === null) throw new Error('The rule that was stored is not there')
    if (stored.from !== null)
      await bringMonthlySyncs(tx, organisationId, program, stored.tenantId, new Date())
    await audit(tx, organisationId, {
      actor,
      action: 'set-price-rule',
      subject: input.tenantId ?? program,
      detail: { ...placeOf(stored), before: wordsOf(before), after: wordsOf(stored) },
    })
    return stored
  })
}

/** Throws `not-found`. */
export async function removePriceRule({
  ctx: { db, organisationId, program, actor },
  input: { id },
}: {
  ctx: RuleContext
  input: { readonly id: string }
}): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await priceRule(tx, organisationId, program, id)
    if (before === null) throw new ProductError('not-found', 'There is no such price rule any more.')
    await deletePriceRule(tx, organisationId, program, id)
    await audit(tx, organisationId, {
      actor,
      action: 'remove-price-rule',
      subject: before.tenantId ?? program,
      detail: { ...placeOf(before), before: wordsOf(before), after: {} },
    })
  })
}

const placeOf = ({ tenantId, sku, from }: StoredRule) => ({ tenantId, sku, from })
const wordsOf = (rule: StoredRule | null): object =>
  rule === null ? {} : { priceRule: ruleText(rule.terms) }
