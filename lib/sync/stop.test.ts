/** What ends a sync between two of its writes (F16). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OpenDatabase, openDatabase } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { deleteMapping, putMapping } from '#db/mappings/mappings.ts'
import { audit } from '#db/people/audit.ts'
import { createRun } from '#db/runs/runs.ts'
import { requestStop, requestStopOfProgram } from '#db/runs/stops.ts'
import { createTestDatabase, type TestDatabase } from '../../scripts/testing/test-database.ts'
import type { SyncContext } from './context.ts'
import { stopOf } from './stop.ts'
import { program } from './testing/world.ts'

let database: TestDatabase
let opened: OpenDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

const agreementId = 30
const customers = ['coho', 'fabrikam']
let organisationId: string
let runId: string
const map = (tenantId: string, over: { agreementId?: number; syncEnabled?: boolean } = {}) =>
  putMapping(opened.db, organisationId, program, tenantId, {
    companyId: 10,
    agreementId,
    syncEnabled: true,
    ...over,
  })
const started = async () => {
  organisationId = (await createOrganisation(opened.db, { name: 'Northwind' })).id
  const run = { program, kind: 'customers', trigger: 'hand', actor: 'Ann' } as const
  runId = (await createRun(opened.db, organisationId, run, [])).id
  for (const each of customers) await map(each)
}
beforeEach(started)

const stop = (tenantIds = customers) => {
  const ctx = { db: opened.db, organisationId, program: { slug: program } } as unknown as SyncContext
  return stopOf(ctx, { runId, agreementId, tenantIds })
}
const did = (action: string, subject: string) =>
  audit(opened.db, organisationId, { actor: 'Ben', action, subject })

describe('a sync goes on [F16]', () => {
  it('while all of its customers sync, whatever becomes of others', async () => {
    await map('other', { syncEnabled: false })
    expect(await stop()).toBeNull()
    expect(await stop(['coho'])).toBeNull()
  })

  it('while it is another organisation’s customer of the same id that was switched off', async () => {
    const ours = { organisationId, runId }
    await started()
    await map('coho', { syncEnabled: false })
    ;({ organisationId, runId } = ours)
    expect(await stop()).toBeNull()
  })
})

describe('a sync ends, and says why and who [F16]', () => {
  it('where Sync of one of its customers was switched off', async () => {
    await map('fabrikam', { syncEnabled: false })
    await did('map-customer', 'fabrikam')
    await did('map-customer', 'coho')
    expect(await stop()).toEqual({
      message: 'Stopped by Ben: Sync of fabrikam was switched off',
      isOff: true,
    })
    expect(await stop(['coho'])).toBeNull()
  })

  it('where one of its customers was cleared, or mapped to another agreement', async () => {
    await deleteMapping(opened.db, organisationId, program, 'coho')
    await did('unmap-customer', 'coho')
    expect((await stop())?.message).toBe('Stopped by Ben: coho is not mapped to this agreement any more')
    await map('coho', { agreementId: 31 })
    expect((await stop())?.message).toBe('Stopped by Ben: coho is not mapped to this agreement any more')
    await map('coho')
    expect(await stop()).toBeNull()
  })

  it('where a person stopped it, which goes before', async () => {
    await map('coho', { syncEnabled: false })
    await requestStop(opened.db, organisationId, runId, 'Ann')
    expect(await stop()).toEqual({ message: 'Stopped by Ann', isOff: false })
  })

  it('where the program was switched off', async () => {
    await requestStopOfProgram(opened.db, organisationId, program, 'Ann', 'Sync of it was switched off')
    expect((await stop())?.message).toBe('Stopped by Ann: Sync of it was switched off')
  })
})
