/**
 * Whose a line is, through a whole sync (docs/billing-rules.md, "Whose line"; F1, F4): against both
 * stand-ins.
 */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putMapping } from '#db/mappings/mappings.ts'
import { auditEvents } from '#db/people/tables.ts'
import { invoiceLines } from '#db/prism/invoice-tables.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
import { openLinesOf } from '#db/prism/line-claims.ts'
import { runsOf } from '#db/runs/runs.ts'
import { setLineOwner } from '#lib/intake/line-owner.ts'
import { excludeInvoice } from '#lib/intake/pick.ts'
import { itemsWithMonths } from '#lib/ledger/testing/items-with-months.ts'
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
  const items = run ? await itemsWithMonths(world.db, organisationId, run.id) : []
  return items
    .flatMap((item) =>
      item.months.flatMap((plan) =>
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

describe('a contested line [F1]', () => {
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

describe('a billed subscription whose lines are taken off its customer is not gone [6a]', () => {
  const invoiceId = '90002'
  const lines = (text: string): string[] => text.split('\n')
  const ofSub2 = (line: string): boolean => line.includes(',sub-2,')
  /** PRISM's next file with each line of the subscription changed. */
  const change = async (by: (line: string, place: number) => string | null): Promise<void> => {
    const url = `${world.addresses.prism}/control/invoices/${invoiceId}/csv`
    const seen = await (await fetch(url)).text()
    let place = 0
    const changed = lines(seen).flatMap((line) => (ofSub2(line) ? (by(line, place++) ?? []) : [line]))
    await fetch(url, { method: 'PUT', body: changed.join('\n') })
  }
  const toFabrikam = (line: string): string => line.replace('cohowinery.example', 'fabrikam.example')
  const SUB_TOTAL = 11
  const negative = (line: string): string => line.split(',').with(SUB_TOTAL, '-1').join(',')
  const decide = (work: typeof excludeInvoice): Promise<void> =>
    work({ db: world.db, organisationId, program, invoiceId, actor: 'Ann', now: new Date() })
  const contested = () => change(toFabrikam)
  const say = () =>
    setLineOwner({
      db: world.db,
      organisationId,
      program,
      invoiceId,
      subscriptionId: 'sub-2',
      tenantId: null,
      actor: 'Ann',
      now: new Date(),
    })
  const nothing = async (): Promise<void> => {}
  /** The state of PRISM's file, with what is said of the subscription's lines on it. */
  const standing = async (): Promise<string> => {
    const { state } =
      (await invoicesOf(world.db, organisationId, program)).find(({ id }) => id === invoiceId) ?? {}
    const open = await openLinesOf(world.db, organisationId, program, [invoiceId])
    const said = open.map(({ is }) => is)
    return [state, ...(state === 'ready' ? said : [])].join(' ')
  }

  it.each<[string, () => Promise<void>, () => Promise<void>, string]>([
    ['a contested line', contested, nothing, 'ready contested'],
    [
      'half of its lines, which names another customer',
      () => change((line, place) => (place === 0 ? `${line}\n${toFabrikam(line)}` : line)),
      nothing,
      'ready contested',
    ],
    ['a line that was contested, and is nobody’s by now', contested, say, 'ready nobodys'],
    ['a held line', () => change(negative), nothing, 'held'],
    [
      'a held line of an invoice that is excluded',
      () => change(negative),
      () => decide(excludeInvoice),
      'excluded',
    ],
  ])('%s', async (_, onInvoice, answer, as) => {
    await mapSecond()
    await detectAndSync(world, organisationId)
    const billed = ['sub-2 3 2026-04-12-open']
    expect(of('sub-2', await held(agreementId))).toEqual(billed)
    await issueNext()
    await onInvoice()
    await detectAndSync(world, organisationId)
    await answer()
    await detectAndSync(world, organisationId)
    expect([of('sub-2', await held(agreementId)), of('sub-2', await held(secondAgreementId))]).toEqual([
      billed,
      [],
    ])
    expect(await standing()).toBe(as)
  })

  it('is gone where the file has no line of it', async () => {
    await mapSecond()
    await detectAndSync(world, organisationId)
    await issueNext()
    await change(() => null)
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId))).toEqual(['sub-2 3 2026-04-12-2026-04-30'])
  })
})

describe('a person says whose lines are', () => {
  const say = (subscriptionId: string, tenant: string | null, invoiceId = '90001') =>
    setLineOwner({
      db: world.db,
      organisationId,
      program,
      invoiceId,
      subscriptionId,
      tenantId: tenant,
      actor: 'Ann',
      now: new Date(),
    })
  const open = async () =>
    (await openLinesOf(world.db, organisationId, program, ['90001', '90002'])).map(
      ({ invoiceId, subscriptionId, is, price, customers, unclaimed }) =>
        `${invoiceId} ${subscriptionId} ${is} ${price} [${customers.join()}] ${unclaimed.price}`,
    )

  it('that are contested: they are billed there, their other months follow, and it is audited', async () => {
    await mapSecond()
    await move('sub-2', 'tenant-2')
    await detectAndSync(world, organisationId)
    expect(await open()).toEqual(['90001 sub-2 contested 17.1 [Coho Winery,Fabrikam] 0'])
    await say('SUB-2', tenantId)
    expect(await open()).toEqual([])
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId))).toEqual(['sub-2 3 2026-04-12-open'])
    expect(of('sub-2', await held(secondAgreementId))).toEqual([])
    expect(await world.db.select().from(auditEvents)).toContainEqual(
      expect.objectContaining({ actor: 'Ann', action: 'line-owner', subject: 'sub-2' }),
    )
  })

  it('otherwise than before: they go from the one to the other; of nobody’s, nothing is ended [6a]', async () => {
    await mapSecond()
    await move('sub-2', 'tenant-2')
    await detectAndSync(world, organisationId)
    await say('sub-2', tenantId)
    await detectAndSync(world, organisationId)
    await say('sub-2', 'tenant-2')
    await detectAndSync(world, organisationId)
    expect(of('sub-2', await held(agreementId)).filter((each) => each.endsWith('open'))).toEqual([])
    expect(of('sub-2', await held(secondAgreementId))).toEqual(['sub-2 3 2026-04-12-open'])
    await say('sub-2', null)
    await detectAndSync(world, organisationId)
    expect(await open()).toEqual(['90001 sub-2 nobodys 17.1 [] 0'])
    expect(of('sub-2', await held(secondAgreementId))).toEqual(['sub-2 3 2026-04-12-open'])
  })

  it('of which nobody is known; they hold nobody meanwhile', async () => {
    await control('PUT', `/tenants/${tenantId}`, { name: 'Nobody', domain: 'nobody.example' })
    await issueNext()
    await control('PUT', `/tenants/${tenantId}`, { name: 'Coho Winery', domain: 'cohowinery.example' })
    const seen = await (await fetch(`${world.addresses.prism}/control/invoices/90002/csv`)).text()
    const file = seen.replaceAll(',sub-2,', ',sub-unknown,')
    await fetch(`${world.addresses.prism}/control/invoices/90002/csv`, { method: 'PUT', body: file })
    await detectAndSync(world, organisationId)
    const [unknown] = (await open()).filter((each) => each.includes('sub-unknown'))
    expect(unknown).toBe('90002 sub-unknown unclaimed 27 [] 27')
    expect(of('sub-1', await held(agreementId)).some((each) => each.endsWith('open'))).toBe(true)
    await say('sub-unknown', tenantId, '90002')
    await detectAndSync(world, organisationId)
    expect(of('sub-unknown', await held(agreementId))).toEqual(['sub-unknown 3 2026-05-01-open'])
  })

  it('not where it is clear, and of nothing that is not there', async () => {
    await detectAndSync(world, organisationId)
    await expect(say('sub-1', 'tenant-2')).rejects.toMatchObject({ code: 'conflict' })
    await expect(say('sub-x', 'tenant-2')).rejects.toMatchObject({ code: 'not-found' })
    await expect(say('sub-1', 'tenant-x')).rejects.toMatchObject({ code: 'not-found' })
    await expect(say('sub-1', 'tenant-2', 'x')).rejects.toMatchObject({ code: 'not-found' })
  })
})
