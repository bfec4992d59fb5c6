/** Verifying an instance over HTTP, on the stand-in with rules switched to their opposites (J13). */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instanceRulesOf } from '#db/invoicing/instance-rules.ts'
import { secondProofsOf } from '#db/invoicing/second-proofs.ts'
import type { Day, Money, Quantity } from '#lib/billing/types.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { agreementId, detectAndSync, program, type World } from '#lib/sync/testing/world.ts'
import { readAgreement } from './read.ts'
import { type InvoicedWorld, startInvoiced } from './testing/invoiced-world.ts'
import { verify } from './verify.ts'
import { verifyOrganisation } from './verify-organisation.ts'

let world: World
let organisationId: string
let connectWise: ConnectWiseClient
let control: InvoicedWorld['control']
let ctx: InvoicedWorld['context']

beforeAll(async () => {
  ;({ world, organisationId, control, context: ctx } = await startInvoiced())
  connectWise = ctx().connectWise
})
afterAll(() => world.close())

const invoice = () => control('POST', `agreements/${agreementId}/invoice`)

/** An addition of each kind that a rule tells of, in May, after April was invoiced. */
const kinds = [
  { quantity: 5, unitPrice: '5.37', effectiveDate: '2026-05-16', cancelledDate: null, lessIncluded: 0 },
  { quantity: 4, unitPrice: '6', effectiveDate: '2026-05-01', cancelledDate: '2026-05-20', lessIncluded: 0 },
  { quantity: -2, unitPrice: '4', effectiveDate: '2026-05-01', cancelledDate: null, lessIncluded: 0 },
  { quantity: 6, unitPrice: '3', effectiveDate: '2026-05-01', cancelledDate: null, lessIncluded: 2 },
] as const

describe('verifying an instance [J13]', () => {
  it('keeps which rules hold, and what a month’s comparison may say with it [J6]', async () => {
    await detectAndSync(world, organisationId)
    await invoice()
    await readAgreement(ctx(), agreementId)
    const verified = await verifyOrganisation(ctx(), { most: 5, invoices: 4 })
    expect(verified).toMatchObject({ agreements: 1, invoices: 1, mayRead: true })
    const kept = await instanceRulesOf(world.db, organisationId)
    const verdicts = Object.fromEntries(kept.map(({ rule, verdict }) => [rule, verdict]))
    expect(verdicts).toMatchObject({
      header: 'holds',
      lines: 'holds',
      'first-day': 'holds',
      'last-day': 'unknown',
    })
    expect(kept.find(({ rule }) => rule === 'header')?.evidence.says).toContain('INV-1001')
    const [april] = await secondProofsOf(world.db, organisationId, program, [agreementId])
    expect(april?.terms).toEqual({})
  })

  it('finds a rule that is otherwise, with the invoice that says so', async () => {
    for (const { quantity, lessIncluded, unitPrice, ...dates } of kinds)
      await connectWise.createAddition(agreementId, {
        catalogItemId: 42,
        sku: '',
        serialNumber: `verify-${quantity}`,
        quantity: `${quantity}` as Quantity,
        lessIncluded: `${lessIncluded}` as Quantity,
        unitPrice: unitPrice as Money,
        unitCost: '1' as Money,
        effectiveDate: dates.effectiveDate as Day,
        cancelledDate: dates.cancelledDate as Day | null,
        billCustomer: 'Billable',
        taxable: false,
        invoiceDescription: '',
        invoiceGrouping: null,
      })
    await control('PUT', 'unknowns', { splitsHeader: false, additionsAsLines: true })
    await invoice()
    const { rules } = await verify({ connectWise, agreementIds: [agreementId], most: 1, invoices: 1 })
    expect(rules.find(({ rule }) => rule === 'header')).toMatchObject({ verdict: 'fails', holds: 0 })
    expect(rules.find(({ rule }) => rule === 'header')?.examples[0]).toContain('INV-1002')
  })

  it('reads a stranger’s ConnectWise by a command, which writes nothing there', async () => {
    world.connectWise.requests.reset()
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/verify-instance.ts', '--json'], {
      env: {
        ...process.env,
        CONNECTWISE_SITE: world.addresses.connectWise,
        CONNECTWISE_COMPANY_ID: 'acme',
        CONNECTWISE_PUBLIC_KEY: 'pub',
        CONNECTWISE_PRIVATE_KEY: 'priv',
        CONNECTWISE_CLIENT_ID: 'any',
        TRUSTED_HOSTS: new URL(world.addresses.connectWise).host,
      },
    })
    const found = JSON.parse(stdout) as Awaited<ReturnType<typeof verify>>
    expect(found).toMatchObject({ agreements: 1, invoices: 2, mayRead: true })
    expect(found.rules.map(({ rule }) => rule)).toContain('unit-rounding')
    const { requests } = world.connectWise.requests.report()
    expect(requests.length).toBeGreaterThan(3)
    expect(requests.every(({ method }) => method === 'GET')).toBe(true)
  })
})
