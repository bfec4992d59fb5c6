/** Whose a line is, through a whole sync (design.md 2a, "Whose line"; F1, F4): against both stand-ins. */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putMapping } from '#db/queries/mappings.ts'
import { runItemsOf, runsOf } from '#db/queries/runs.ts'
import { invoiceLines } from '#db/schema.ts'
import { clientsOf } from './testing/processes.ts'
import {
  agreementId,
  createMapped,
  detectAndSync,
  program,
  secondAgreementId,
  startWorld,
  tenantId,
  type World,
} from './testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld({ withSecond: true })
  organisationId = await createMapped(world.db)
})
afterEach(() => world.close())

const mapSecond = (to = secondAgreementId) =>
  putMapping(world.db, organisationId, program, 'tenant-2', {
    companyId: 10,
    agreementId: to,
    syncEnabled: true,
  })
const control = async (method: string, path: string, body?: object): Promise<void> => {
  const answer = await fetch(`${world.addresses.prism}/control${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(answer.ok).toBe(true)
}
const move = (id: string, to: string) => control('PUT', `/subscriptions/${id}/tenant`, { tenantId: to })
/** ConnectWise invoices both agreements' next month. */
const issueNext = () => control('POST', '/invoices/next')
/** An addition as `serial quantity from-to`. */
const held = async (of: number): Promise<string[]> =>
  (await clientsOf(world.addresses).connectWise.additions(of)).additions
    .map(
      (each) => `${each.serialNumber} ${each.quantity} ${each.effectiveDate}-${each.cancelledDate ?? 'open'}`,
    )
    .sort()
const of = (serial: string, additions: readonly string[]): string[] =>
  additions.filter((each) => each.startsWith(serial))
/** The rows of the newest run: agreement, status, first finding. */
const rowsOf = async (subscriptionId: string): Promise<string[]> => {
  const [run] = await runsOf(world.db, organisationId, program, { limit: 1, offset: 0 })
  const items = run ? await runItemsOf(world.db, organisationId, run.id) : []
  return items
    .flatMap((item) =>
      item.plans.flatMap((plan) =>
        plan.subscriptions
          .filter((row) => row.subscriptionId.toLowerCase() === subscriptionId)
          .map((row) => `${item.agreementId} ${plan.period} ${row.status} ${row.findings[0]?.code ?? ''}`),
      ),
    )
    .sort()
}

describe('a subscription that moved to a customer on another agreement', () => {
  it('ends on the one and begins on the other in the month whose lines say so, and nothing is billed twice', async () => {
    await mapSecond()
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId))).toEqual(['sub-2 3 2026-04-12-open'])
    await move('sub-2', 'tenant-2')
    await issueNext()
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId))).toEqual(['sub-2 3 2026-04-12-2026-04-30'])
    expect(of('sub-2', await held(secondAgreementId))).toEqual(['sub-2 3 2026-05-01-open'])
    const after = [await held(agreementId), await held(secondAgreementId)]
    await issueNext()
    await detectAndSync(world, organisationId)
    expect([of('sub-2', await held(agreementId)), await held(secondAgreementId)]).toEqual([
      of('sub-2', after[0] ?? []),
      after[1],
    ])
  })

  it('stays where it is billed as long as its lines name the customer that it was listed under', async () => {
    await mapSecond()
    await detectAndSync(world, organisationId)
    await issueNext()
    await move('sub-2', 'tenant-2')
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId))).toEqual(['sub-2 3 2026-04-12-open'])
    expect(of('sub-2', await held(secondAgreementId))).toEqual([])
  })

  it('is left alone where nobody syncs the customer that it moved to', async () => {
    await detectAndSync(world, organisationId)
    await move('sub-2', 'tenant-2')
    await issueNext()
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId))).toEqual(['sub-2 3 2026-04-12-open'])
  })
})

describe('a customer that was renamed', () => {
  it('keeps its lines, by its subscriptions, until PRISM lists the name and after', async () => {
    await detectAndSync(world, organisationId)
    const names = { name: 'Coho Vineyard', domain: 'cohovineyard.example' }
    await control('PUT', `/tenants/${tenantId}`, names)
    await issueNext()
    await control('PUT', `/tenants/${tenantId}`, { name: 'Coho Winery', domain: 'cohowinery.example' })
    await detectAndSync(world, organisationId)
    expect(await rowsOf('sub-2')).toEqual([`${agreementId} 2026-05 No Change domain-learned`])
    const lines = await world.db
      .selectDistinct({ tenant: invoiceLines.tenantId, domain: invoiceLines.primaryDomainName })
      .from(invoiceLines)
      .where(eq(invoiceLines.primaryDomainName, names.domain))
    expect(lines).toEqual([{ tenant: tenantId, domain: names.domain }])
  })
})

describe('a contested line [case 2]', () => {
  /** Lines name tenant 1, and PRISM lists its subscription under tenant 2 alone: it was never seen under tenant 1. */
  const contest = () => move('sub-2', 'tenant-2')

  it('is an Error on both agreements, untouched on both, and later months wait; the others go on', async () => {
    await mapSecond()
    await contest()
    await detectAndSync(world, organisationId)
    expect(await rowsOf('sub-2')).toEqual([
      `${agreementId} 2026-04 Error line-contested`,
      `${secondAgreementId} 2026-04 Error line-contested`,
    ])
    expect([of('sub-2', await held(agreementId)), of('sub-2', await held(secondAgreementId))]).toEqual([
      [],
      [],
    ])
    expect(of('sub-1', await held(agreementId))).toHaveLength(3)
    await issueNext()
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(secondAgreementId))).toEqual([])
    expect(await rowsOf('sub-2')).toEqual([
      `${agreementId} 2026-04 Error line-contested`,
      `${secondAgreementId} 2026-04 Error line-contested`,
      `${secondAgreementId} 2026-05 Error earlier-period-failed`,
    ])
  })

  it('is a line like others where both are on one agreement', async () => {
    await mapSecond(agreementId)
    await contest()
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId))).toEqual(['sub-2 3 2026-04-12-open'])
    expect(await rowsOf('sub-2')).toEqual([`${agreementId} 2026-04 Success `])
    await detectAndSync(world, organisationId)
    expect(await runsOf(world.db, organisationId, program, { limit: 5, offset: 0 })).toHaveLength(1)
  })

  it('is billed once PRISM lists it where its lines say', async () => {
    await mapSecond()
    await contest()
    await detectAndSync(world, organisationId)
    await move('sub-2', tenantId)
    await issueNext()
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId))).toEqual(['sub-2 3 2026-04-12-open'])
    expect(of('sub-2', await held(secondAgreementId))).toEqual([])
  })
})
