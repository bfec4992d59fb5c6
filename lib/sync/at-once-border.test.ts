/** A subscription that goes from the month to a term that is billed at once, on a month's first day: billed on one side, and on one alone (J9). */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { noteOneTimeAttempt, putOneTimeMapping } from '#db/mappings/one-time.ts'
import { lookAtTurnedAnnual } from '#db/prism/at-once-from.ts'
import { programSettings, putProgramSettings } from '#db/prism/programs.ts'
import type { Day } from '#lib/billing/types.ts'
import { programs } from '#lib/programs/registry.ts'
import { annualTermBilledAnnually, type History } from '#standin/prism/history.ts'
import { licences, start } from '#standin/prism/testing.ts'
import {
  additionsOf,
  createMapped,
  detectAndSync,
  program,
  startWorld,
  tenantId,
  type World,
} from './testing/world.ts'

const turnedOn = '2026-05-01'
/** Five seats by the month until 30 April, then a term of a year that PRISM invoices apart; another one goes on by the month. */
const histories: readonly History[] = [
  {
    kind: 'annual',
    subscriptionId: 'sub-1',
    tenantId,
    term: annualTermBilledAnnually,
    productId: 'a',
    orderedOn: turnedOn,
    quantity: 5,
    cost: '120',
    rrp: '144',
    isInvoicedApart: true,
  },
  { ...licences(start(5), { kind: 'end', on: turnedOn }), subscriptionId: 'sub-1' },
  { ...licences(start(3, '2025-06-01', 'c')), subscriptionId: 'sub-2' },
]

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld({ subscriptions: histories })
  organisationId = await createMapped(world.db)
  const settings = await programSettings(world.db, organisationId, program)
  const options = settings ?? programs[0].defaults
  await putProgramSettings(world.db, organisationId, program, {
    ...options,
    guards: { endedShare: null, totalShare: null },
    annualTermsAtOnce: '2026-04-01' as Day,
  })
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toEqual(['A sub-1 2026-04-01 open 5 10 12'])
})
afterEach(() => world.close())

const ofSub1 = async () => (await additionsOf(world)).filter((each) => each.includes('sub-1'))
const issueMay = () => fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST' })
const issueAnnual = async () => {
  const file = await (await fetch(`${world.addresses.prism}/control/invoices/90001/csv`)).text()
  const [header = '', line = ''] = file.split('\n')
  const names = header.replace('\uFEFF', '').trim().split(',')
  const fields = line.trim().split(',')
  const set: Record<string, string> = {
    SubscriptionId: 'sub-1',
    ChargeStartDate: `${turnedOn}T00:00:00.0000000+00:00`,
    ChargeEndDate: '2027-04-30T00:00:00.0000000+00:00',
    UnitPrice: '120',
    UnitPriceRrp: '144',
    Quantity: '5',
    SubTotal: '600',
    SubTotalRrp: '720',
    BillingCycle: 'Annual',
    TermDurationNumber: '1',
    TermDurationUnit: 'YEARS',
  }
  const csv = `${[header.trim(), names.map((name, at) => set[name] ?? fields[at]).join(',')].join('\n')}\n`
  const body = { usageYear: 2026, usageMonth: 5, billingPeriodStart: '2026-05-02', csv }
  await fetch(`${world.addresses.prism}/control/invoices`, { method: 'POST', body: JSON.stringify(body) })
}
/** Of the tenant; a sync of it has read all that comes in this test. */
const mapOneTime = async (syncEnabled: boolean) => {
  const of = [world.db, organisationId, program] as const
  const place = { companyId: 10, agreementId: 77, syncEnabled, mappedBy: 'Ann' }
  await putOneTimeMapping(...of, tenantId, place)
  const readAt = new Date('2099-01-01T00:00:00Z')
  await noteOneTimeAttempt(...of, 77, [tenantId], {
    readAt,
    seen: [],
    lookAgainAt: null,
    lookingSince: null,
  })
  await lookAtTurnedAnnual(...of, new Date(), { tenantId })
}

it('ends by the month on the day before, where an annual invoice carries it from then on', async () => {
  await mapOneTime(true)
  await issueAnnual()
  await issueMay()
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toEqual(['A sub-1 2026-04-01 2026-04-30 5 10 12'])
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toEqual(['A sub-1 2026-04-01 2026-04-30 5 10 12'])
})

it('goes on by the month while no One-Time agreement carries it, and ends once one does', async () => {
  await issueAnnual()
  await issueMay()
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toEqual(['A sub-1 2026-04-01 open 5 10 12'])
  await mapOneTime(false)
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toEqual(['A sub-1 2026-04-01 open 5 10 12'])
  await mapOneTime(true)
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toEqual(['A sub-1 2026-04-01 2026-04-30 5 10 12'])
})

it('ends, too, where the annual invoice comes after the month’s was synced', async () => {
  await mapOneTime(true)
  await issueMay()
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toEqual(['A sub-1 2026-04-01 open 5 10 12'])
  await issueAnnual()
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toEqual(['A sub-1 2026-04-01 2026-04-30 5 10 12'])
})
