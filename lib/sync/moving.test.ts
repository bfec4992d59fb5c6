/**
 * A mapping that moves to another agreement (E5; docs/billing-rules.md, "Moving and clearing"), by the
 * billing engine of the ConnectWise stand-in: over both agreements each month is billed once, as if nothing
 * had moved, wherever the sync of the move is killed.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type FormerMapping,
  formerMappingsOfAgreement,
  putFormerMapping,
} from '#db/mappings/former-mappings.ts'
import { deleteMapping, mapping, putMapping } from '#db/mappings/mappings.ts'
import { runsOf } from '#db/runs/runs.ts'
import { addMonths } from '#lib/billing/days.ts'
import type { Period } from '#lib/billing/types.ts'
import { drain } from '#lib/jobs/drain.ts'
import { requestSync } from '#lib/jobs/requests.ts'
import { itemsWithMonths } from '#lib/ledger/testing/items-with-months.ts'
import { letTimePass, syncKilled } from './testing/killing.ts'
import {
  agreementId as A,
  additionsOf,
  secondAgreementId as B,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  startWorld,
  tenantId,
  type World,
  writesTo,
} from './testing/world.ts'

const period = (text: string): Period => text as Period

interface Own {
  readonly world: World
  readonly organisationId: string
}

const start = async (isInAdvance = false): Promise<Own> => {
  const world = await startWorld({ moving: { isInAdvance } })
  return { world, organisationId: await createMapped(world.db) }
}

const nextInvoice = async ({ world }: Own): Promise<void> => {
  await fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
}

interface InvoicedLine {
  readonly month: string
  readonly price: string
}

/** ConnectWise invoices the next month of an agreement; what it bills of each month is added to `bills`. */
const invoice = async ({ world }: Own, id: number, bills: Map<string, number>): Promise<void> => {
  const path = `${world.addresses.connectWise}/control/agreements/${id}/invoice`
  const response = await fetch(path, { method: 'POST' })
  if (!response.ok) throw new Error(`agreement ${id}: ${response.status} ${await response.text()}`)
  const { lines } = (await response.json()) as { lines: InvoicedLine[] }
  for (const { month, price } of lines)
    bills.set(month, Math.round(100 * ((bills.get(month) ?? 0) + Number(price))) / 100)
}

/** What a person's answer to the question of the mapping stores. @param to the new agreement; `null`: the mapping is cleared */
const move = async (
  { world, organisationId }: Own,
  { from, to, until }: { from: number; to: number | null; until: string },
): Promise<void> => {
  const { db } = world
  const before = await mapping(db, organisationId, program, tenantId)
  await putFormerMapping(db, organisationId, program, {
    tenantId,
    agreementId: from,
    agreementName: 'Cloud Subscriptions',
    companyId: 10,
    companyName: 'Northwind',
    firstPeriod: before?.firstPeriod ?? null,
    lastPeriod: period(until),
    leftBy: 'Ann',
  })
  if (to === null) await deleteMapping(db, organisationId, program, tenantId)
  else
    await putMapping(db, organisationId, program, tenantId, {
      companyId: 10,
      agreementId: to,
      syncEnabled: true,
      firstPeriod: addMonths(period(until), 1),
    })
}

const formerOf = async ({ world, organisationId }: Own, id = A): Promise<FormerMapping> => {
  const [former] = await formerMappingsOfAgreement(world.db, organisationId, program, id)
  if (!former) throw new Error('Nobody left the agreement')
  return former
}

/** Each item of the newest run: agreement and status. */
const itemsOfLastRun = async ({ world, organisationId }: Own): Promise<string[]> => {
  const [run] = await runsOf(world.db, organisationId, program, { limit: 1, offset: 0 })
  const items = run ? await itemsWithMonths(world.db, organisationId, run.id) : []
  return items.map(({ agreementId, status }) => `${agreementId} ${status}`).sort()
}

interface Story {
  readonly isInAdvance: boolean
  /** ConnectWise has invoiced May before the move. */
  readonly isInvoiced: boolean
  /** At which write of the move's sync its process is killed. */
  readonly kill?: { readonly write: number; readonly side: 'before' | 'after' }
  readonly isMoved: boolean
}

/** April and May on A, the move, June and July; what both agreements bill of each month. */
const tell = async ({ isInAdvance, isInvoiced, kill, isMoved }: Story): Promise<Record<string, number>> => {
  const own = await start(isInAdvance)
  const { world, organisationId } = own
  const bills = new Map<string, number>()
  const invoiceBoth = async (): Promise<void> => {
    for (const id of [A, B]) await invoice(own, id, bills)
  }
  try {
    await detectAndSync(world, organisationId)
    await invoiceBoth()
    // In advance a month more than the usage that is synced.
    if (isInAdvance) await invoiceBoth()
    await nextInvoice(own)
    await detectAndSync(world, organisationId)
    if (isInvoiced) await invoiceBoth()
    const isJuneInvoiced = isInAdvance && isInvoiced
    if (isMoved) await move(own, { from: A, to: B, until: isJuneInvoiced ? '2026-06' : '2026-05' })
    if (kill !== undefined) {
      expect(await syncKilled(own, kill)).toBe('SIGKILL')
      await letTimePass(own)
      expect(await drain(world.worker, { budgetMs: 30_000 })).toMatchObject({ jobsLeft: 0 })
    } else await detectAndSync(world, organisationId)
    if (!isInvoiced) await invoiceBoth()
    for (let month = 0; month < 2; month += 1) {
      await nextInvoice(own)
      await detectAndSync(world, organisationId)
      await invoiceBoth()
    }
    await invoiceBoth()
    if (isMoved) {
      await detectAndSync(world, organisationId)
      expect((await formerOf(own)).doneAt).not.toBeNull()
      expect((await additionsOf(world, B)).length).toBeGreaterThanOrEqual(4)
    }
    return Object.fromEntries(['04', '05', '06', '07'].map((m) => [m, bills.get(`2026-${m}`) ?? 0]))
  } finally {
    await world.close()
  }
}

describe('a moved mapping with four subscriptions', () => {
  /** Four ends or deletes on A, then four additions on B. */
  const kills = [
    { write: 1, side: 'after' },
    { write: 4, side: 'after' },
    { write: 6, side: 'after' },
  ] as const
  for (const isInAdvance of [false, true])
    for (const isInvoiced of [false, true])
      it(`${isInAdvance ? 'in advance' : 'in arrears'}, ${isInvoiced ? '' : 'not '}invoiced, is billed once for each month, wherever it is killed between the two agreements [E5]`, async () => {
        const story = { isInAdvance, isInvoiced }
        const unmoved = await tell({ ...story, isMoved: false })
        expect(Object.values(unmoved).every((price) => price > 150)).toBe(true)
        expect(await tell({ ...story, isMoved: true })).toEqual(unmoved)
        const cut = isInAdvance || isInvoiced ? kills.slice(1, 2) : kills
        for (const kill of cut) expect(await tell({ ...story, isMoved: true, kill })).toEqual(unmoved)
      })
})

describe('the sync of a moved mapping', () => {
  let own: Own
  beforeEach(async () => {
    own = await start()
    await detectAndSync(own.world, own.organisationId)
  })
  afterEach(() => own.world.close())

  it('ends on the old agreement first, each by an item of its own, and goes on on the new one', async () => {
    const { world, organisationId } = own
    await move(own, { from: A, to: B, until: '2026-04' })
    world.connectWise.requests.reset()
    await detectAndSync(world, organisationId)
    expect(await itemsOfLastRun(own)).toEqual([`${A} Success`, `${B} Success`])
    const agreements = writesTo(world.connectWise).map((each) => /agreements\/(\d+)/.exec(each)?.[1])
    expect(agreements).toEqual([...agreements].sort((a = '', b = '') => a.localeCompare(b)))
    expect((await additionsOf(world)).filter((each) => each.includes('open'))).toEqual([])
    expect(await additionsOf(world, B)).toEqual([
      'A sub-1 2026-05-01 open 8 10 12',
      'A sub-4 2026-05-01 open 7 10 12',
      'B sub-2 2026-05-01 open 3 7.35 9',
      'C sub-3 2026-05-01 open 2 20 25',
    ])
    expect((await formerOf(own)).doneAt).not.toBeNull()
  })

  it('is found by the scheduled look alone, and nothing is done a second time', async () => {
    const { world, organisationId } = own
    await move(own, { from: A, to: B, until: '2026-04' })
    await detectAndSync(world, organisationId)
    world.connectWise.requests.reset()
    await detectAndSync(world, organisationId)
    const asked = { organisationId, program, agreementIds: [B], trigger: 'hand', actor: 'Ann' } as const
    await requestSync(world.db, asked)
    await drain(world.worker, { budgetMs: 30_000 })
    expect(await itemsOfLastRun(own)).toEqual([`${B} No Change`])
    expect(writesTo(world.connectWise)).toEqual([])
  })

  it('writes nothing on the new one while the old one refuses, says so, and goes on by itself', async () => {
    const { world, organisationId } = own
    await move(own, { from: A, to: B, until: '2026-04' })
    world.connectWise.faults.add([
      { kind: '403', method: 'PATCH', path: `*/agreements/${A}/additions/*` },
      { kind: '403', method: 'DELETE', path: `*/agreements/${A}/additions/*` },
    ])
    await detectAndSync(world, organisationId)
    expect(await itemsOfLastRun(own)).toEqual([`${A} Error`, `${B} Error`])
    expect(await additionsOf(world, B)).toEqual([])
    const [run] = await runsOf(world.db, organisationId, program, { limit: 1, offset: 0 })
    const items = await itemsWithMonths(world.db, organisationId, run?.id ?? '')
    const rows = items.find(({ agreementId }) => agreementId === B)?.months[0]?.subscriptions ?? []
    expect(rows.map(({ findings }) => findings[0]?.code)).toEqual(Array(4).fill('billed-twice'))
    world.connectWise.faults.clear()
    world.worker = { ...world.worker, now: () => new Date(Date.now() + 20 * 60_000) }
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world, B)).toHaveLength(4)
    expect((await formerOf(own)).doneAt).not.toBeNull()
  })

  it('goes on where the old agreement is gone from ConnectWise', async () => {
    const { world, organisationId } = own
    await move(own, { from: 999, to: B, until: '2026-04' })
    await detectAndSync(world, organisationId)
    expect(await itemsOfLastRun(own)).toEqual([`${B} Success`, '999 Error'])
    expect(await additionsOf(world, B)).toHaveLength(4)
    expect((await formerOf(own, 999)).doneAt).not.toBeNull()
  })

  it('moves back at once: what began on the other one is removed, and everything goes on as before', async () => {
    const { world, organisationId } = own
    const open = (await additionsOf(world)).filter((each) => each.includes('open'))
    await move(own, { from: A, to: B, until: '2026-04' })
    await detectAndSync(world, organisationId)
    await move(own, { from: B, to: A, until: '2026-04' })
    await detectAndSync(world, organisationId)
    expect(await additionsOf(world, B)).toEqual([])
    const now = (await additionsOf(world)).filter((each) => each.includes('open'))
    const quantities = (all: string[]) =>
      all.map((each) =>
        each
          .split(' ')
          .slice(0, 2)
          .concat(each.split(' ')[4] ?? ''),
      )
    expect(quantities(now)).toEqual(quantities(open))
  })

  it('ends what is cleared after the month that was chosen, with nothing on another agreement', async () => {
    const { world, organisationId } = own
    await move(own, { from: A, to: null, until: '2026-05' })
    await detectAndSync(world, organisationId)
    expect((await additionsOf(world)).filter((each) => each.includes('open'))).toEqual([])
    await nextInvoice(own)
    await detectAndSync(world, organisationId)
    expect((await lastRun(world, organisationId)).item.months.map((each) => each.period)).toEqual(['2026-05'])
    expect(await additionsOf(world)).toContain('A sub-1 2026-05-11 2026-05-31 -2 10 12')
    expect((await formerOf(own)).doneAt).not.toBeNull()
    world.connectWise.requests.reset()
    await nextInvoice(own)
    await detectAndSync(world, organisationId)
    expect(writesTo(world.connectWise)).toEqual([])
  })
})
