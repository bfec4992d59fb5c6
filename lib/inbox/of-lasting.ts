/** What stays until it is mended or muted (J3): below cost, billed otherwise, ignored. */
import { type LastingRow, lastingGroups, lastingOfCauses } from '#db/mappings/lasting-points.ts'
import { mutedPairs } from '#db/mappings/mutes.ts'
import { isStanding, type LastingCause, type LastingPoint } from '#lib/billing/lasting-points.ts'
import type { Money, PriceOffer } from '#lib/billing/types.ts'
import { billPrice, mute } from './actions.ts'
import type { InboxItem, InboxKind, ItemAction } from './item.ts'
import {
  groupOf,
  type InboxContext,
  type InboxFilter,
  moneyOf,
  type Source,
  type Subject,
  subjectsOf,
} from './source.ts'

export const lastingKinds = [
  'below-cost',
  'below-margin',
  'difference',
  'ignored',
] as const satisfies readonly InboxKind[]

const kindOf = (cause: LastingCause): InboxKind =>
  lastingKinds.find((kind) => cause.split('/')[0] === kind) ?? 'difference'

/** With what is muted left out. */
const filterOf = async ({ db, organisationId, program }: InboxContext, { agreementIds }: InboxFilter) => ({
  agreementIds,
  without: await mutedPairs(db, organisationId, program, new Date()),
})

export const lasting: Source = {
  kinds: lastingKinds,
  async groups(ctx, filter) {
    const { db, organisationId, program } = ctx
    const found = await lastingGroups(db, organisationId, program, await filterOf(ctx, filter))
    return found.map((group) =>
      groupOf(ctx, { ...group, kind: kindOf(group.cause), isMonthly: isStanding(group.cause) }),
    )
  },
  async items(ctx, filter, causes, part) {
    const { db, organisationId, program } = ctx
    const asked = await filterOf(ctx, filter)
    const rows = await lastingOfCauses(db, organisationId, program, asked, { causes, ...part })
    const subjectOf = await subjectsOf(ctx, rows)
    return rows.map((row) => toItem(ctx.program, row, subjectOf(row)))
  },
}

function toItem(program: string, row: LastingRow, { of }: Subject): InboxItem {
  const { cause, agreementId, subscriptionId, product, period, amount } = row
  const kind = kindOf(cause)
  return {
    kind,
    cause,
    key: `${cause}/${agreementId}/${subscriptionId}/${product}/${period}`,
    program,
    of: { ...of, subscription: { id: subscriptionId, product } },
    months: { from: period, to: period },
    money: moneyOf(kind, amount, isStanding(cause)),
    since: row.since,
    says: row.message,
    detail: row.detail,
    remedy: row.remedy,
    actions: actionsOfLasting(program, row, row.ofCustomer.amount),
    asked: null,
    compared: null,
  }
}

/** @param muted what a mute of it covers: all of the customer and the cause */
export const actionsOfLasting = (program: string, point: LastingPoint, muted: Money): ItemAction[] => {
  const { cause, tenantId, subscriptionId } = point
  return [
    ...offerOf(point).map((offer) => billPrice(program, { tenantId, subscriptionId }, offer)),
    mute(program, tenantId, { cause, amount: muted }),
  ]
}

const offerOf = ({ offerPrice: unitPrice, offerFrom: from }: LastingPoint): PriceOffer[] =>
  unitPrice === null || from === null ? [] : [{ unitPrice, from }]
