/** An organisation on the way to its first sync, over the API itself, as most tests begin. */
import { expect } from 'vitest'
import type { z } from 'zod'
import { connectionSchema } from '../schemas/connections.ts'
import { mappedCustomerSchema } from '../schemas/customers.ts'
import { drainedSchema } from '../schemas/jobs.ts'
import { createdOrganisationSchema } from '../schemas/people.ts'
import { programSchema } from '../schemas/programs.ts'
import {
  type ApiWorld,
  asOwner,
  type CallApi,
  call,
  cronSecret,
  operatorSecret,
  settled,
  startApiWorld,
  withSessionOf,
} from './api-world.ts'
import { inboxWorld, prismWorld } from './inbox-world.ts'
import { readAnswer } from './reading.ts'

const PROGRAM = '/api/programs/microsoft-csp'

/** With PRISM and ConnectWise, as the stand-ins have their credentials. */
export async function connect(world: ApiWorld, api: CallApi): Promise<void> {
  await readAnswer(api, connectionSchema, 'PUT', '/api/connections/prism', world.prismInput)
  await readAnswer(api, connectionSchema, 'PUT', '/api/connections/connectwise', world.connectWiseInput)
}

export const switchSyncOn = (api: CallApi) =>
  readAnswer(api, programSchema, 'PUT', PROGRAM, { enabled: true })

/** A world with one organisation, connected and with Sync on; nothing is mapped, and PRISM has issued nothing. */
export async function startOrganisation(): Promise<{ world: ApiWorld; api: CallApi }> {
  const world = await startApiWorld({ OPERATOR_SECRET: operatorSecret })
  const api = await asOwner()
  await connect(world, api)
  await switchSyncOn(api)
  return { world, api }
}

/** The same, with PRISM's first invoice read; and another organisation, which must see nothing of it. */
export async function startWithInvoice() {
  const { world, api } = await startOrganisation()
  const stranger = (await anotherOrganisation()).api
  const of = inboxWorld({ api, connectWise: world.connectWise, settled, work })
  await prismWorld(world.prism).issue()
  await of.work()
  return { world, api, stranger, of }
}

/** PRISM's next months, each issued and synced by the scheduled call. */
export async function syncMonths(world: ApiWorld, months: number): Promise<void> {
  for (let month = 0; month < months; month += 1) {
    await world.issueNextInvoice()
    await work()
  }
}

/** A customer as `demoMappings` has it, whose Sync is on then. */
export const mapCustomer = (
  api: CallApi,
  {
    tenantId,
    ...place
  }: { readonly tenantId: string; readonly companyId: number; readonly agreementId: number },
) =>
  readAnswer(api, mappedCustomerSchema, 'PUT', `${PROGRAM}/customers/${tenantId}/mapping`, {
    ...place,
    syncEnabled: true,
  })

/** The scheduled call, and all that it went on with after answering. */
export async function scheduledCall(): Promise<z.output<typeof drainedSchema>> {
  const answer = await call('GET', '/api/cron/sync', { headers: { authorization: `Bearer ${cronSecret}` } })
  expect(answer.status).toBe(200)
  await settled()
  return drainedSchema.parse(await answer.json())
}

/** The scheduled call, until nothing is left to do. */
export async function work(): Promise<void> {
  for (let calls = 0; calls < 20; calls += 1) if ((await scheduledCall()).jobsLeft === 0) return
  throw new Error('Jobs are left')
}

/**
 * Another organisation, as its owner calls; the world needs `OPERATOR_SECRET`.
 * @param mailedLink reads the invitation's link where the world mails it
 */
export async function anotherOrganisation(
  mailedLink: () => string = () => '',
): Promise<{ readonly id: string; readonly api: CallApi }> {
  const made = await call('POST', '/api/organisations', {
    headers: { authorization: `Bearer ${operatorSecret}` },
    body: { name: 'Adventure Works', ownerEmail: 'owner@adventure.example' },
  })
  const { id, invitation } = createdOrganisationSchema.parse(await made.json())
  return { id, api: await joined(invitation.link ?? mailedLink()) }
}

/** Whoever accepts the invitation. */
export async function joined(link: string): Promise<CallApi> {
  const body = { token: new URL(link).hash.slice(1), name: '', password: 'a-long-password' }
  return withSessionOf(await call('POST', '/api/session/invitation', { body }))
}
