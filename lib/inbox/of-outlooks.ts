/** Customers whose agreement ends, or was cancelled, before the month that comes next: nothing bills it then (F13). */
import { outlooksOf } from '#db/mappings/outlooks.ts'
import { invoicedOf } from '#db/prism/invoiced-of.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import { monthName } from '#lib/billing/format.ts'
import type { InboxItem } from './item.ts'
import { NEXT_MONTH } from './sentences.ts'
import { groupOf, moneyOf, smallSource, subjectsOf } from './source.ts'

const remedy =
  'Map the customer to the agreement that follows, or move the end of this one in ConnectWise; clear the mapping of a customer that has left.'

export const outlooks = smallSource(['unfit'], async (ctx, { agreementIds }) => {
  const { db, organisationId, program } = ctx
  const found = await outlooksOf(db, organisationId, program, agreementIds)
  if (found.length === 0) return []
  const ids = found.map(({ tenantId }) => tenantId)
  const invoiced = await invoicedOf(db, organisationId, program, ids)
  const amounts = [...invoiced.values()].map(({ price }) => decimal(price))
  const sinces = found.map(({ outlook }) => new Date(outlook.since))
  const of = { kind: 'unfit', cause: NEXT_MONTH, remedy } as const
  const group = groupOf(ctx, {
    ...of,
    count: found.length,
    customers: new Set(ids).size,
    amount: amounts.length === 0 ? null : money(sum(amounts)),
    isMonthly: true,
    since: sinces.reduce((a, b) => (a < b ? a : b)),
  })
  const items = async (): Promise<InboxItem[]> => {
    const subjectOf = await subjectsOf(ctx, found)
    return found.map(({ tenantId, agreementId, outlook }) => ({
      ...of,
      key: `${NEXT_MONTH}/${agreementId}/${tenantId}`,
      program,
      of: subjectOf({ tenantId, agreementId }).of,
      months: { from: outlook.period, to: outlook.period },
      money: moneyOf('unfit', invoiced.get(tenantId)?.price ?? null, true),
      since: new Date(outlook.since),
      says: `${outlook.message} The usage of ${monthName(outlook.period)} cannot be billed there`,
      detail: '',
      ...(outlook.stillWrong === null ? {} : { stillWrong: outlook.stillWrong }),
      actions: [],
      asked: null,
      compared: null,
    }))
  }
  return [{ group, items }]
})
