/** The second proof on both stand-ins: what ConnectWise's own engine invoiced against the plans that were synced (J6). */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownInvoicesOf } from '#db/invoicing/own-invoices.ts'
import { type SecondProofRow, secondProofsOf } from '#db/invoicing/second-proofs.ts'
import { ownForecasts } from '#db/invoicing/tables.ts'
import type { Money } from '#lib/billing/types.ts'
import { agreementId, detectAndSync, program, type World } from '#lib/sync/testing/world.ts'
import { readAgreement, readLists } from './read.ts'
import { type InvoicedWorld, startInvoiced } from './testing/invoiced-world.ts'

let world: World
let organisationId: string

let control: InvoicedWorld['control']
let context: InvoicedWorld['context']

beforeAll(async () => {
  ;({ world, organisationId, control, context } = await startInvoiced())
})
afterAll(() => world.close())

const invoice = async () =>
  (await control('POST', `agreements/${agreementId}/invoice`)) as { price: string; number: string }
const proofs = async (): Promise<readonly SecondProofRow[]> =>
  secondProofsOf(world.db, organisationId, program, [agreementId])

const issueNext = () => fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST' })

/** A month: PRISM's invoice is synced, then ConnectWise invoices. */
const month = async (isFirst = false) => {
  if (!isFirst) await issueNext()
  await detectAndSync(world, organisationId)
  return invoice()
}

describe('a month that ConnectWise invoiced', () => {
  it('is what the plans say, and depends on the rules that its additions are of [J6]', async () => {
    await detectAndSync(world, organisationId)
    await readAgreement(context(), agreementId)
    expect(await proofs()).toMatchObject([{ period: '2026-04', state: 'not-invoiced', invoiced: null }])
    const made = await invoice()
    await readAgreement(context(), agreementId)
    const [april] = await proofs()
    expect(april).toMatchObject({ period: '2026-04', state: 'compared', since: '2026-04', terms: {} })
    expect(Number(april?.invoiced)).toBe(Number(made.price))
    expect(april?.invoicedSoFar).toBe(april?.billedSoFar)
    expect(april?.doubts).toEqual(['unit-rounding', 'first-day', 'negative'])
  })

  it('is read with the lists of a run, in two requests for all agreements', async () => {
    await month()
    const before = world.connectWise.requests.report().requests.length
    await readLists(context())
    const { requests } = world.connectWise.requests.report()
    expect(
      requests
        .slice(before)
        .map(({ method, path }) => `${method} ${path.split('/3.0')[1]?.split('?')[0] ?? path}`),
    ).toEqual(['GET /finance/agreementrecap/', 'GET /finance/invoices'])
    const all = await proofs()
    expect(all.map(({ period, state, terms }) => [period, state, terms])).toEqual([
      ['2026-04', 'compared', {}],
      ['2026-05', 'compared', {}],
    ])
  })

  it('says what was changed of an invoice after it was read, and an addition that is not on it', async () => {
    await control('PATCH', `agreements/${agreementId}/invoices/last`, { by: -7.5 })
    await readLists(context())
    expect((await proofs()).at(-1)?.terms).toEqual({ amended: '-7.5' })
    await control('PATCH', `agreements/${agreementId}/invoices/last`, { by: 7.5 })
    await readAgreement(context(), agreementId)
    expect((await proofs()).at(-1)?.terms).toEqual({})
  })

  it('concludes nothing from a list whose amounts are with tax', async () => {
    await world.db.update(ownForecasts).set({ lastInvoiceAmount: sql`last_invoice_amount * 1.1` })
    await control('PATCH', `agreements/${agreementId}/invoices/last`, { by: -7.5 })
    await readLists(context())
    expect((await proofs()).at(-1)?.terms).toEqual({})
    await control('PATCH', `agreements/${agreementId}/invoices/last`, { by: 7.5 })
  })

  it('has what somebody edited by the lines of its invoice, and by the next sync as changed', async () => {
    await issueNext()
    await detectAndSync(world, organisationId)
    const { connectWise } = await world.worker.clients(organisationId)
    const { additions } = await connectWise.additions(agreementId)
    const target = additions.find(({ cancelledDate }) => cancelledDate === null)
    if (target === undefined) throw new Error('One runs on')
    await connectWise.patchAddition(agreementId, target.id, {
      unitPrice: `${Number(target.unitPrice) + 1}` as Money,
    })
    // ConnectWise tells times in seconds: in the same one nobody knows which came first.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await invoice()
    await readAgreement(context(), agreementId)
    // Nobody read the agreement since: what differs is on the lines of its item.
    const [, , june] = await proofs()
    expect(june?.terms).toEqual({ lines: target.quantity })
    // The next sync reads it, and says that somebody changed it.
    await issueNext()
    await detectAndSync(world, organisationId)
    await readAgreement(context(), agreementId)
    expect((await proofs())[2]?.terms).toEqual({ changed: target.quantity })
  })

  it('is gone where ConnectWise deleted its invoice', async () => {
    await control('DELETE', `agreements/${agreementId}/invoices/last`)
    await readAgreement(context(), agreementId)
    const stored = await ownInvoicesOf(world.db, organisationId, [agreementId])
    expect(stored.map(({ period }) => period)).toEqual(['2026-04', '2026-05'])
  })
})
