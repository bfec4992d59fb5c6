/** Each kind of finding has its remedy and button, or says why there is none; and the inbox gives those buttons (J1). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findingCodeSchema } from '#lib/billing/finding-types.ts'
import { causeOfFinding, lastingAfter } from '#lib/billing/lasting-points.ts'
import { openPointsOf } from '#lib/billing/open-points.ts'
import type { Finding, FindingCode, PeriodPlan } from '#lib/billing/types.ts'
import { actionsOfLasting } from './of-lasting.ts'
import { actionsOf } from './of-points.ts'
import { type Remedy, remedies } from './remedies.ts'

const record = readFileSync('docs/decisions/104-remedies-that-end-in-buttons.md', 'utf8')
const buttonsText = (remedy: Remedy): string =>
  'why' in remedy ? `none: ${remedy.why}` : remedy.buttons.map((each) => `\`${each}\``).join(' ')
const rowOf = (code: FindingCode): string =>
  `| \`${code}\` | ${remedies[code].does} | ${buttonsText(remedies[code])} |`

describe('each kind of finding', () => {
  it.each(findingCodeSchema.options)('%s is in the decision record as it is here', (code) => {
    expect(record).toContain(`\n${rowOf(code)}\n`)
  })

  it('and nothing else is in the record', () => {
    const listed = [...record.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code)
    expect(new Set(listed)).toEqual(new Set(findingCodeSchema.options))
    expect(listed).toHaveLength(findingCodeSchema.options.length)
  })
})

/** Told by other sources than the last sync's points, or of the agreement on its own page and pod. */
const elsewhere = ['set-back', 'make-rule', 'unskip', 'is-customers', 'is-nobodys']

const asks = [{ additionId: 7, serialNumber: '', quantity: '1', billed: '5', owners: [] }]
const asksBilled = {
  additionId: 7,
  through: '2026-09-30',
  before: { cost: '1', price: '2' },
  after: { cost: '1', price: '3' },
}
const offers = { unitPrice: '9', from: '2026-10-01' }
const planOf = (code: FindingCode): PeriodPlan => {
  const { buttons } = remedies[code]
  const finding = {
    code,
    severity: code.endsWith('waits') || causeOfFinding(code) !== null ? 'warning' : 'error',
    message: code,
    detail: '',
    remedy: '',
    additionIds: [],
    ...(buttons.some((each) => each === 'ends') ? { asks } : {}),
    ...(buttons.some((each) => each === 'billed-before') ? { asksBilled } : {}),
    ...(buttons.some((each) => each === 'mute') ? { amount: '5' } : {}),
    ...(buttons.some((each) => each === 'bill-price') ? { offers } : {}),
  } as unknown as Finding
  const row = {
    kind: 'subscription',
    subscriptionId: code.startsWith('azure-') ? '' : 'one',
    tenantId: 'tenant-1',
    product: { productId: '', sku: 'SKU', name: 'Product', catalogItemId: null },
    findings: [finding],
    ...(code === 'annual-line-asked'
      ? {
          askedLines: [
            { line: { invoiceId: '1', charge: 'one', ordinal: 1, turn: 1 }, changes: [], finding },
          ],
        }
      : {}),
    invoiced: { cost: '0', price: '10' },
    billed: { cost: '0', price: '0' },
    // It is about what no rule explains of the row.
    reconciliation: { unexplained: { cost: '0', price: code === 'amount-differs' ? '5' : '0' } },
  }
  const totals = { failed: { cost: '0', price: '0' } }
  return {
    period: '2026-09',
    invoiceId: '1',
    findings: [],
    subscriptions: [row],
    ignored: [],
    totals,
  } as unknown as PeriodPlan
}
const given = (code: FindingCode): string[] => {
  const months = [planOf(code)]
  const asked = openPointsOf(months).flatMap((point) =>
    actionsOf(
      { organisationId: 'organisation', program: 'microsoft-csp' },
      { ...point, key: '1', agreementId: 1, runId: 'run', since: new Date(0) },
      { syncsBy: 'tenant-1', isOneTime: false },
    ),
  )
  const lasting = lastingAfter([], months, { isOnInvoice: () => true }).flatMap((point) =>
    actionsOfLasting('microsoft-csp', point, point.amount),
  )
  return [...asked, ...lasting].map(({ id }) => id)
}
/** They are settled by their own source, or are no points: a month that a person skipped, a beginning that was chosen. */
const noPoints: readonly FindingCode[] = [
  'line-contested',
  'month-skipped',
  'month-parked',
  'begins-later',
  'billed-elsewhere',
]

const inInbox = findingCodeSchema.options.filter(
  (code) => !noPoints.includes(code) && remedies[code].buttons.some((button) => !elsewhere.includes(button)),
)

describe('the inbox', () => {
  it.each(inInbox)('gives the buttons of %s', (code) => {
    const buttons: readonly string[] = remedies[code].buttons
    const expected = buttons.filter((each) => each !== 'set-back' && each !== 'make-rule')
    expect(given(code)).toEqual(expect.arrayContaining(expected))
  })

  it('gives no button that the list does not have', () => {
    const more = inInbox.flatMap((code) =>
      given(code)
        .filter((button) => !(remedies[code].buttons as readonly string[]).includes(button))
        .map((button) => `${code}: ${button}`),
    )
    expect(more).toEqual([])
  })
})
