import { describe, expect, it } from 'vitest'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { emptyReconciliation } from '#lib/billing/reconcile.ts'
import { isBillRight } from './is-bill-right.ts'

const amount = (price: string) => ({ price, cost: '0' })
const totals = (over: object = {}) => ({
  ...emptyReconciliation,
  invoiced: amount('100'),
  billed: amount('100'),
  ...over,
})

type Changes = Readonly<{ content?: object; tenant?: object; status?: string; month?: object }>

/** What the pod has of an agreement of which all is right, but for the changes. */
const content = ({
  content: changes = {},
  tenant = {},
  status = 'Success',
  month = {},
}: Changes): MappedContent =>
  ({
    programEnabled: true,
    tenants: [{ id: 't', syncs: true, firstSync: { invoiceId: 'i', period: '2026-10' }, ...tenant }],
    result: { status, periods: [{ period: '2026-10', subscriptions: [], totals: totals(), ...month }] },
    ...changes,
  }) as unknown as MappedContent

const wrong: readonly (readonly [string, Changes])[] = [
  ['it was never synced', { content: { result: null } }],
  ['nothing was planned', { content: { result: { status: 'Success', periods: [] } } }],
  ['Sync is off for its customer', { tenant: { syncs: false } }],
  ['Sync is off for the program', { content: { programEnabled: false } }],
  ['a newer invoice is not synced', { tenant: { firstSync: { invoiceId: 'j', period: '2026-11' } } }],
  ['its last sync warned', { status: 'Warning' }],
  ['its last sync failed', { status: 'Error' }],
  ['a subscription waits', { month: { subscriptions: [{ status: 'Success', waits: {} }] } }],
  ['the amounts differ', { month: { totals: totals({ billed: amount('90'), edited: amount('10') }) } }],
]

const asSecond = (tone: string) => ({ isOneTime: true, second: { tone } })

describe('a bill', () => {
  it('is right where all is synced and both figures agree [H1]', () => {
    expect(isBillRight(content({}))).toBe(true)
    expect(isBillRight(content({ status: 'No Change', tenant: { firstSync: null } }))).toBe(true)
  })

  it('of annual invoices is right once ConnectWise’s own figure holds it, and not before [J6, J9]', () => {
    expect(isBillRight(content({ content: asSecond('good') }))).toBe(true)
    for (const tone of ['quiet', 'bad']) expect(isBillRight(content({ content: asSecond(tone) }))).toBe(false)
    expect(isBillRight(content({ content: { isOneTime: true, second: null } }))).toBe(false)
  })

  it.each(wrong)('is not right where %s [H1]', (_, changes) => {
    expect(isBillRight(content(changes))).toBe(false)
  })
})
