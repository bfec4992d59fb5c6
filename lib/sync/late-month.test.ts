/**
 * A month whose invoice can be used only after a later one was synced (docs/billing-rules.md, "Late months").
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { excludeInvoice, readInvoiceAgain } from '#lib/intake/pick.ts'
import {
  additionsOf,
  agreementId,
  createMapped,
  detectAndSync,
  lastRun,
  program,
  startWorld,
  type World,
} from './testing/world.ts'

let world: World
let organisationId: string
let may: string
const fileOf = (id: string) => `${world.addresses.prism}/control/invoices/${id}/csv`
const issueNext = () => fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST' })
const decide = () => ({
  db: world.db,
  organisationId,
  program,
  invoiceId: '90002',
  actor: 'Ann',
  now: new Date(),
})
const ofSub1 = async () => (await additionsOf(world)).filter((each) => each.includes('sub-1'))

// April is synced; May's file cannot be read, and is excluded; June is synced: 8 from 16 April, 6 from 11 May on.
beforeEach(async () => {
  world = await startWorld()
  organisationId = await createMapped(world.db)
  await detectAndSync(world, organisationId)
  await issueNext()
  may = await (await fetch(fileOf('90002'))).text()
  await fetch(fileOf('90002'), { method: 'PUT', body: '<html>busy</html>' })
  await detectAndSync(world, organisationId)
  await excludeInvoice(decide())
  await issueNext()
  await detectAndSync(world, organisationId)
})
afterEach(() => world.close())

const comesLate = async () => {
  await fetch(fileOf('90002'), { method: 'PUT', body: may })
  await readInvoiceAgain(decide())
  await detectAndSync(world, organisationId)
}

it('is applied to itself alone where ConnectWise has not invoiced it', async () => {
  const before = await ofSub1()
  expect(before.some((each) => each.startsWith('A sub-1 2026-05-11'))).toBe(false)
  await comesLate()
  expect(await ofSub1()).toEqual([...before, 'A sub-1 2026-05-11 2026-05-31 -2 10 12'].sort())
  await detectAndSync(world, organisationId)
  expect(await ofSub1()).toHaveLength(before.length + 1)
})

it('waits for a person where ConnectWise has invoiced it, who is told', async () => {
  const address = `${world.addresses.connectWise}/control/agreements/${agreementId}/invoice`
  for (const _ of ['April', 'May']) expect((await fetch(address, { method: 'POST' })).ok).toBe(true)
  const before = await ofSub1()
  await comesLate()
  expect(await ofSub1()).toEqual(before)
  const { item } = await lastRun(world, organisationId)
  const row = item.months
    .find(({ period }) => period === '2026-05')
    ?.subscriptions.find(({ subscriptionId }) => subscriptionId === 'sub-1')
  expect(row).toMatchObject({
    status: 'Warning',
    waits: { question: 'late' },
    findings: [{ code: 'late-month-waits' }],
  })
})
