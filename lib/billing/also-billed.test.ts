/**
 * A customer that begins here while another agreement of its company bills the same (docs/billing-rules.md,
 * "First sync").
 */
import { describe, expect, it } from 'vitest'
import { alsoBilled } from './also-billed.ts'
import { isGood } from './held-back.ts'
import { changesOf, plan } from './plan.ts'
import {
  addition,
  agreement,
  day,
  line,
  owned,
  situation,
  subscriptionId,
  tenantId,
  usage,
} from './testing/factories.ts'
import type { FirstSync, OtherAddition, PeriodPlan, Situation } from './types.ts'

const id = subscriptionId.toLowerCase()
const other = 'b0000000-0000-4000-8000-000000000002'
const there = (over: Partial<OtherAddition> = {}): OtherAddition =>
  ({
    id: 70,
    product: 'M365 bundle',
    vendorSku: 'SKU-Business Premium ',
    serialNumber: '',
    quantity: '5',
    unitPrice: '10',
    isAnothers: false,
    ...over,
  }) as OtherAddition
const gold = (...additions: OtherAddition[]) => [{ id: 8, name: 'Managed Services Gold', additions }]
const first = (over: Partial<Situation> = {}, begin: FirstSync = 'next', isChosen = false): Situation =>
  situation({
    tenants: [{ id: tenantId, name: 'Coho', syncs: true, firstSync: { begin, isChosen } }],
    usages: [usage([line(5, '2026-09', 1, 30)])],
    otherAgreements: gold(there()),
    ...over,
  })
const planned = (of: Situation): PeriodPlan => plan(of).periods[0] ?? expect.fail()
const codes = (of: PeriodPlan) => of.subscriptions.map(({ findings }) => findings.map(({ code }) => code))

describe('what another agreement bills', () => {
  it('is known by the id, or by the product where it is nobody else’s', () => {
    const of = { subscriptionId, sku: 'sku-Business Premium' }
    const ids = (...additions: OtherAddition[]) =>
      alsoBilled(gold(...additions), of).map(({ additionId }) => additionId)
    expect(ids(there())).toEqual([70])
    expect(ids(there({ isAnothers: true }))).toEqual([])
    expect(ids(there({ serialNumber: ` ${id} `, vendorSku: '', isAnothers: true }))).toEqual([70])
    expect(ids(there({ vendorSku: 'another' }))).toEqual([])
    expect(alsoBilled(gold(there({ vendorSku: '' })), { ...of, sku: '' })).toEqual([])
    expect(alsoBilled(gold(there({ quantity: '3' as never })), of)[0]).toMatchObject({
      agreementName: 'Managed Services Gold',
      product: 'M365 bundle',
      price: '30',
    })
  })

  it('is asked before the first write, also where ConnectWise has not invoiced the month', () => {
    const of = planned(first())
    expect([changesOf(of), codes(of), of.subscriptions.some(isGood)]).toEqual([[], [['also-billed']], false])
    expect(of.subscriptions[0]?.findings[0]?.message).toBe(
      'The agreement Managed Services Gold of the same company bills 5 x M365 bundle already, 50.00 a month',
    )
    expect(of.subscriptions[0]?.waits).toMatchObject({
      question: 'first-sync',
      changes: [{ kind: 'create' }],
    })
    expect(of.totals.terms).toEqual({ waiting: { cost: '40', price: '50' } })
    const invoiced = planned(first({ agreement: agreement({ nextInvoiceDate: day('2026-10-01') }) }))
    expect(codes(invoiced)).toEqual([['first-sync-waits', 'also-billed']])
  })

  it('concerns only the subscriptions that it bills', () => {
    const lines = [line(5, '2026-09', 1, 30), line(2, '2026-09', 1, 30, { subscriptionId: other })]
    const additions = gold(there({ serialNumber: subscriptionId, isAnothers: true }))
    const of = planned(first({ usages: [usage(lines)], otherAgreements: additions }))
    expect(of.subscriptions.map(({ waits }) => (waits === undefined ? 0 : 1)).sort((a, b) => a - b)).toEqual([
      0, 1,
    ])
  })

  it('is not asked again once it was said how the customer begins, nor of what has its addition', () => {
    for (const begin of ['next', 'catch-up'] as const)
      expect(changesOf(planned(first({}, begin, true)))).toHaveLength(1)
    const elsewhere = planned(first({}, 'elsewhere', true))
    expect([changesOf(elsewhere), codes(elsewhere)]).toEqual([[], [['billed-elsewhere']]])
    const ours = addition(5, '2026-06-01')
    expect(codes(planned(first({ additions: [ours], owned: owned(ours) })))).toEqual([[]])
    const known = { begin: 'next', isChosen: false, through: '2026-08' } as const
    const tenants = [
      { id: tenantId, name: 'Coho', syncs: true, firstSync: known },
    ] as unknown as Situation['tenants']
    expect(changesOf(planned(first({ tenants })))).toHaveLength(1)
  })
})
