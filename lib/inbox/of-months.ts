/** What PRISM invoiced and nobody bills, and what is billed and nobody syncs, as people said: skipped, missed, left behind. */
import { leftBehind } from '#db/mappings/left-behind.ts'
import {
  missedCustomers,
  type SkippedMonth,
  skippedMonths,
  type Unbilled,
  type UnbilledTotals,
} from '#db/mappings/unbilled-months.ts'
import { programSettings } from '#db/prism/programs.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import { monthName, unitPriceText } from '#lib/billing/format.ts'
import { productName } from '#lib/billing/products.ts'
import { endLeft, switchProgramOn, syncMissed, unskip } from './actions.ts'
import type { InboxItem, InboxKind, ItemAction } from './item.ts'
import {
  type GroupFound,
  groupOf,
  type InboxContext,
  type InboxFilter,
  moneyOf,
  type Source,
  type Subject,
  smallSource,
  subjectsOf,
} from './source.ts'

const oneGroup = (
  ctx: InboxContext,
  of: { readonly kind: InboxKind; readonly cause: string; readonly remedy: string },
  { count, customers, price, since }: UnbilledTotals,
  actions: readonly ItemAction[] = [],
): GroupFound[] =>
  count === 0 || since === null
    ? []
    : [groupOf(ctx, { ...of, count, customers, amount: price, since, actions })]

/** Months that are not planned until a person takes that back, by why they are not. */
const notPlanned = (
  kind: 'skipped' | 'parked',
  words: { readonly remedy: string; readonly is: string; readonly button: 'Take back' | 'Release' },
): Source => {
  const of = { kind, cause: kind, remedy: words.remedy } as const
  const read = (
    { db, organisationId, program }: InboxContext,
    { agreementIds }: InboxFilter,
  ): Unbilled<SkippedMonth> => skippedMonths(db, organisationId, program, kind, agreementIds)
  return {
    kinds: [kind],
    groups: async (ctx, filter) => oneGroup(ctx, of, await read(ctx, filter).totals()),
    async items(ctx, filter, causes, part) {
      if (!causes.includes(kind)) return []
      const rows = await read(ctx, filter).page(part)
      const subjectOf = await subjectsOf(ctx, rows)
      return rows.map((row): InboxItem => {
        const { period, subscriptionId, price, by, since } = row
        return {
          ...of,
          key: `${kind}/${subscriptionId}/${period}`,
          program: ctx.program,
          of: {
            ...subjectOf(row).of,
            subscription: { id: subscriptionId, product: productName(row.product) },
          },
          months: { from: period, to: period },
          money: moneyOf(kind, price),
          since,
          says: `${monthName(period)} ${words.is}, as ${by} said`,
          detail: '',
          actions: [unskip(ctx.program, row, words.button)],
          asked: null,
          compared: null,
        }
      })
    },
  }
}

export const skipped = notPlanned('skipped', {
  remedy: 'Bill the months otherwise, or take it back: the next sync plans them again.',
  is: 'is skipped',
  button: 'Take back',
})

export const parked = notPlanned('parked', {
  remedy: 'Mend what was wrong, and release them: the next sync plans them again.',
  is: 'was undone',
  button: 'Release',
})

const missedRemedy = 'Switch Sync on again, and say which of the missed months are synced.'

export const missed: Source = {
  kinds: ['missed'],
  async groups(ctx, filter) {
    const own = oneGroup(
      ctx,
      { kind: 'missed', cause: 'missed', remedy: missedRemedy },
      await missedOf(ctx, false, filter).totals(),
    )
    if (!(await isProgramOff(ctx))) return own
    const ofProgram = oneGroup(
      ctx,
      { kind: 'missed', cause: 'missed/program', remedy: missedRemedy },
      await missedOf(ctx, true, filter).totals(),
      filter.agreementIds === null ? switchProgramOn(ctx.program) : [],
    )
    return [...ofProgram, ...own]
  },
  async items(ctx, filter, causes, part) {
    const items: InboxItem[] = []
    for (const cause of causes) {
      const isProgram = cause === 'missed/program'
      const rows = await missedOf(ctx, isProgram, filter).page(part)
      const subjectOf = await subjectsOf(ctx, rows)
      for (const row of rows) {
        const { of } = subjectOf(row)
        const { from, to, months, price, since, tenantId, companyId } = row
        const place = { tenantId, companyId, agreementId: row.agreementId }
        items.push({
          kind: 'missed',
          cause,
          key: `missed/${tenantId}`,
          program: ctx.program,
          of,
          months: { from, to },
          money: moneyOf('missed', price),
          since,
          says: isProgram
            ? 'Sync is off for the whole program'
            : `Sync is off, and ${months.length === 1 ? 'an invoice' : `${months.length} invoices`} came out since`,
          detail: `PRISM invoiced ${months.map((month) => `${monthName(month.period)} (${unitPriceText(month.price)})`).join(', ')}.`,
          remedy: missedRemedy,
          actions: isProgram ? [] : syncMissed(ctx.program, place, months.length),
          asked: null,
          compared: null,
        })
      }
    }
    return items
  },
}

const missedOf = (
  { db, organisationId, program }: InboxContext,
  isProgram: boolean,
  { agreementIds }: InboxFilter,
) => missedCustomers(db, organisationId, program, isProgram, agreementIds)

const isProgramOff = async ({ db, organisationId, program }: InboxContext): Promise<boolean> =>
  (await programSettings(db, organisationId, program))?.enabled === false

const LEFT = {
  kind: 'left-behind',
  cause: 'left-behind',
  remedy: 'End them after a month here, or in ConnectWise; or leave them where they are meant to be billed.',
} as const

/** Of each customer on each agreement that it left, as long as something is open there. */
export const left: Source = smallSource(['left-behind'], async (ctx, { agreementIds }) => {
  const { db, organisationId, program } = ctx
  const today = new Date().toISOString().slice(0, 10)
  const found = (await leftBehind(db, organisationId, program, agreementIds)).flatMap((each) => {
    const open = each.additions.filter(
      ({ cancelledDate }) => cancelledDate === null || cancelledDate >= today,
    )
    const price = sum(open.map(({ quantity, unitPrice }) => decimal(quantity).times(decimal(unitPrice))))
    return open.length === 0 ? [] : [{ ...each, open, price }]
  })
  const [first] = found
  if (first === undefined) return []
  const toItem = (each: (typeof found)[number], { of }: Subject): InboxItem => {
    const { tenantId, open, price, leftBy, leftAt } = each
    return {
      ...LEFT,
      key: `left/${tenantId}/${each.agreementId}`,
      program,
      of,
      months: null,
      money: moneyOf('left-behind', money(price)),
      since: leftAt,
      says: `${open.length === 1 ? 'One addition stays' : `${open.length} additions stay`} open where the customer was mapped, as ${leftBy} said`,
      detail: `Additions ${open.map(({ id }) => id).join(', ')}.`,
      actions: [endLeft(program, { tenantId, agreementId: each.agreementId })],
      asked: null,
      compared: null,
    }
  }
  const group = groupOf(ctx, {
    ...LEFT,
    count: found.length,
    customers: new Set(found.map(({ tenantId }) => tenantId)).size,
    amount: money(sum(found.map(({ price }) => price))),
    since: first.leftAt,
  })
  const items = async () => {
    const subjectOf = await subjectsOf(ctx, found)
    return found.map((each) => toItem(each, subjectOf(each)))
  }
  return [{ group, items }]
})
