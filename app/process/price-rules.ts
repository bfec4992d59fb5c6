/** A person makes a price rule, after seeing what it would do (J11). */
import type { z } from 'zod'
import {
  MOST_PREVIEWED,
  type ruleInputSchema,
  type rulePreviewInputSchema,
  type ShownRule,
  type ShownRulePreview,
} from '#app/api/schemas/price-rules.ts'
import { withNames } from '#app/views/price-rules.ts'
import { priceRule } from '#db/mappings/price-rules.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { ProductError } from '#lib/base/errors.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import { skuKey } from '#lib/billing/keys.ts'
import type { RulePreviewRow } from '#lib/billing/rule-preview.ts'
import type { PriceRule } from '#lib/billing/types.ts'
import { programOptions } from '#lib/intake/context.ts'
import type { Program } from '#lib/programs/registry.ts'
import { checkRule, type RuleInput, setPriceRule } from '#lib/setup/price-rules.ts'
import { previewRuleChange } from '#lib/sync/preview-rules.ts'
import { currencyOf } from './clients.ts'
import { server } from './process.ts'

/** Throws what `setPriceRule` throws. */
export async function savedRule(
  { organisationId, actor }: Principal,
  { slug: program }: Program,
  body: z.output<typeof ruleInputSchema>,
): Promise<{ rule: ShownRule }> {
  const stored = await setPriceRule({
    ctx: { db: server().db, organisationId, program, actor },
    input: body,
  })
  const [rule] = await withNames(organisationId, program, [stored])
  if (rule === undefined) throw new Error('A rule has a name')
  return { rule }
}

/** Throws what `checkRule` throws, and `not-found` for a rule to remove that is none. */
export async function previewedRule(
  { organisationId }: Pick<Principal, 'organisationId'>,
  program: Program,
  input: z.output<typeof rulePreviewInputSchema>,
): Promise<ShownRulePreview> {
  const { db } = server()
  const [{ change, tenantId }, options, currency] = await Promise.all([
    changeOf(organisationId, program, input),
    programOptions(db, organisationId, program),
    currencyOf(organisationId),
  ])
  const preview = await previewRuleChange(
    { db, organisationId, program, options },
    (rules) => ({ before: rules, after: change(rules) }),
    tenantId,
  )
  const rows = preview.rows.toSorted((a, b) => (movesMore(a, b) ? -1 : movesMore(b, a) ? 1 : 0))
  const listed = rows.slice(0, MOST_PREVIEWED)
  const tenants = await tenantsByIds(
    db,
    organisationId,
    program.slug,
    listed.map((each) => each.tenantId),
  )
  const names = new Map(tenants.map(({ id, name }) => [id, name]))
  const count = (is: (row: RulePreviewRow) => boolean): number => rows.filter(is).length
  const total = (of: (row: RulePreviewRow) => string) => money(sum(rows.map((row) => decimal(of(row)))))
  const added = (of: (row: RulePreviewRow) => number): number => rows.reduce((all, row) => all + of(row), 0)
  return {
    period: preview.period,
    readAt: preview.readAt?.toISOString() ?? null,
    unread: preview.unread,
    subscriptions: rows.length,
    customers: new Set(rows.map((row) => row.tenantId)).size,
    now: total((row) => row.now),
    changed: total((row) => row.changed),
    atRule: total((row) => row.atRule),
    creates: added((row) => row.creates),
    ends: added((row) => row.ends),
    later: count((row) => row.isLater),
    belowCost: count((row) => row.isBelowCost),
    belowMargin: count((row) => row.isBelowMargin),
    currency,
    rows: listed.map(({ tenantId: id, ...row }) => ({
      ...row,
      customer: { id, name: names.get(id) ?? id },
      prices: [...row.prices],
    })),
  }
}

const movesMore = (a: RulePreviewRow, b: RulePreviewRow): boolean => {
  const moved = ({ now, atRule }: RulePreviewRow) => decimal(atRule).minus(decimal(now)).abs()
  return moved(b).lt(moved(a))
}

/** What becomes of the rules, and the only customer that it concerns. */
async function changeOf(
  organisationId: string,
  { slug: program }: Program,
  { rule, remove }: z.output<typeof rulePreviewInputSchema>,
): Promise<{ change: (rules: readonly PriceRule[]) => readonly PriceRule[]; tenantId: string | null }> {
  const { db } = server()
  if (rule !== undefined) {
    await checkRule({ db, organisationId, program }, rule)
    return { change: (rules) => withRule(rules, rule), tenantId: rule.tenantId }
  }
  const removed = await priceRule(db, organisationId, program, remove ?? '')
  if (removed === null) throw new ProductError('not-found', 'There is no such price rule any more.')
  return { change: (rules) => rules.filter(({ id }) => id !== removed.id), tenantId: removed.tenantId }
}

/** The same once more is no change. */
const withRule = (rules: readonly PriceRule[], rule: RuleInput): readonly PriceRule[] => {
  const before = rules.find((each) => isSamePlace(each, rule))
  if (before !== undefined && JSON.stringify(before.terms) === JSON.stringify(rule.terms)) return rules
  return [...rules.filter((each) => each !== before), { ...rule, id: 'previewed' }]
}

const isSamePlace = (a: RuleInput, b: RuleInput): boolean =>
  a.tenantId === b.tenantId && skuKey(a.sku ?? '') === skuKey(b.sku ?? '') && a.from === b.from
