/** How often a sync of one agreement asks the database. Each statement is a round trip, which a hosted database answers in milliseconds. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { closeQueue } from '#lib/jobs/queue.ts'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { askedAgain, asTable, countingDatabase, type Statement } from './testing/counting.ts'
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

const expectAtMost = async (most: number, writes: number): Promise<void> => {
  const statements = await syncSecond()
    asTable(statements),
    statements.length,
    askedAgain(statements).map((e) => e.text.slice(0, 120) + e.values),
  )
  const wrote = statements.filter(({ text }) => text.includes('INSERT INTO changes')).length
  expect(wrote, asTable(statements)).toBe(writes)
  expect(askedAgain(statements).map(({ text, values }) => `${text} ${values}`)).toEqual([])
  expect(statements.length, asTable(statements)).toBeLessThanOrEqual(most)
}

describe('What a sync of one agreement asks the database', () => {
  it('is bounded where its customer is synced first', async () => {
    await expectAtMost(0, 3)
  })

  it('is bounded where the month changes something', async () => {
    await issueNext()
    await expectAtMost(0, 3)
  })

  it('is bounded where the month changes nothing', async () => {
    await issueNext()
    await expectAtMost(0, 0)
  })
})
