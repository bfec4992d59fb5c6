import { afterEach, beforeEach, expect, it } from 'vitest'
import { putMapping } from '#db/mappings/mappings.ts'
import { clientsOf, settlesSoon, workerOf } from '#lib/sync/testing/processes.ts'
import {
  createMapped,
  detectAndSync,
  program,
  secondAgreementId,
  startWorld,
  type World,
  writesTo,
} from '#lib/sync/testing/world.ts'

let world: World
let organisationId: string
beforeEach(async () => {
  world = await startWorld({ withSecond: true })
  organisationId = await createMapped(world.db)
  await putMapping(world.db, organisationId, program, 'tenant-2', {
    companyId: 10,
    agreementId: secondAgreementId,
    syncEnabled: true,
  })
})
afterEach(() => world.close())

it('creates a product once that two agreements need at the same time [D2][D6]', async () => {
  // Long enough that both would send their request before either has an answer.
  world.connectWise.faults.add([{ kind: 'latency', method: 'POST', path: '*/procurement/catalog', ms: 150 }])
  expect(await detectAndSync(world, organisationId)).toMatchObject({ jobsLeft: 0 })
  const created = writesTo(world.connectWise).filter((each) => /POST .*\/procurement\/catalog$/.test(each))
  expect(created).toHaveLength(1)
  const { connectWise } = clientsOf(world.addresses)
  const { items } = await connectWise.catalogByVendorSku(['B'])
  expect(items).toHaveLength(1)
  for (const agreement of [30, secondAgreementId]) {
    const { additions } = await connectWise.additions(agreement)
    expect(additions.some(({ catalogItemId }) => catalogItemId === items[0]?.id)).toBe(true)
  }
})

it('waits for what became of an unanswered creation before it creates the product itself [D6]', async () => {
  world.worker = workerOf(world.db, world.addresses, settlesSoon)
  world.connectWise.faults.add([
    { kind: 'cut-after', method: 'POST', path: '*/procurement/catalog', nth: 1 },
    { kind: 'latency', method: 'POST', path: '*/procurement/catalog', ms: 150 },
  ])
  expect(await detectAndSync(world, organisationId)).toMatchObject({ jobsLeft: 0 })
  expect((await clientsOf(world.addresses).connectWise.catalogByVendorSku(['B'])).items).toHaveLength(1)
})
