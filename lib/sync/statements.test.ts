/** How often a sync of one agreement asks the database. Each statement is a round trip, which a hosted database answers in milliseconds. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { askedAgain, asTable, countingDatabase, kindOf, type Statement } from './testing/counting.ts'
import { startInQueue } from './testing/queue-world.ts'
import { detectAndSync, program, secondAgreementId, type World } from './testing/world.ts'

let world: World
let organisationId: string
let asked: Statement[]
let close: () => Promise<void>

beforeAll(async () => {
  const database = await createTestDatabase()
  const opened = openDatabase(database.url)
  const counting = countingDatabase(opened)
  asked = counting.asked
  // Two agreements, as most runs have several, which share what they can; one after the other, so that neither waits for the other.
  const started = await startInQueue({ ...opened, db: counting.db }, { agreements: 2 })
  organisationId = started.organisationId
  const { settings } = started.world.worker
  world = {
    ...started.world,
    worker: { ...started.world.worker, settings: { ...settings, parallel: 1 } },
  }
  await putMapping(counting.db, organisationId, program, 'tenant-2', {
    companyId: 10,
    agreementId: secondAgreementId,
    syncEnabled: true,
  })
  close = async () => {
    await closeQueue(counting.db)
    await started.world.close()
    await opened.close()
    await database.drop()
  }
})
afterAll(() => close())

const issueNext = () => fetch(`${world.addresses.prism}/control/invoices/next`, { method: 'POST' })

/** All is synced that PRISM has issued. @returns what the second agreement's job asked, by which all that is shared was read */
const syncSecond = async (): Promise<Statement[]> => {
  asked.length = 0
  await detectAndSync(world, organisationId)
  const isBegin = ({ text, values }: Statement) =>
    text.includes(`UPDATE run_items SET state = 'running'`) && values.includes(`,${secondAgreementId},`)
  const job = asked.find(isBegin)?.job
  if (job === undefined) throw new Error('The agreement was not synced')
  return asked.filter((each) => each.job === job)
}

/** What is read a second time although the sync wrote nothing to it, and why. */
const mayBeReadAgain: Readonly<Record<string, string>> = {
  'read addition_answers': 'people answer while it is synced, and what is planned next follows them',
  'read price_rules': 'the same of rules',
  'read period_states': 'how far it is decides what is planned, and is read for each plan',
  'read subscription_starts': 'the same of where subscriptions begin',
  'read changes': 'what a month came to is told by the ledger in the transaction that ends the month',
  'read run_items': 'whether one is left is asked again under the lock of the run',
  'read programs': 'whom to tell is asked when the run has ended',
}

const expectAtMost = async (most: number, writes: number): Promise<void> => {
  const statements = await syncSecond()
  const wrote = statements.filter(({ text }) => text.includes('INSERT INTO changes'))
  expect(wrote.length, asTable(statements)).toBe(writes)
  const again = askedAgain(statements)
  expect(again.filter((each) => !(kindOf(each) in mayBeReadAgain))).toEqual([])
  expect(new Set(again.map(({ text, values }) => `${text} ${values}`)).size, asTable(again)).toBe(
    again.length,
  )
  expect(statements.length, asTable(statements)).toBeLessThanOrEqual(most)
}

describe('What a sync of one agreement asks the database', () => {
  it('is bounded where its customer is synced first', async () => {
    await expectAtMost(109, 3)
  })

  it('is bounded where the month changes something', async () => {
    await issueNext()
    await expectAtMost(103, 3)
  })

  it('is bounded where the month changes nothing', async () => {
    await issueNext()
    await expectAtMost(70, 0)
  })
})
