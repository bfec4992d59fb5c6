/**
 * A process that syncs and is killed at one of its writes: `node killed-sync.ts '<Kill as JSON>'`. It stands for a server
 * that dies: nothing of it is closed or released.
 */
import { openDatabase } from '#db/client.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { drain } from '#lib/jobs/drain.ts'
import { type Addresses, settlesSoon, workerOf } from './processes.ts'

export interface Kill {
  readonly databaseUrl: string
  readonly addresses: Addresses
  /** Which write, from 1, and whether the process dies before its request or after the answer. */
  readonly write: number
  readonly side: 'before' | 'after'
}

const kill: Kill = JSON.parse(process.argv[2] ?? '')
let writes = 0

/** The client, dying at the chosen write. */
const dying = (client: ConnectWiseClient): ConnectWiseClient => {
  const wrap =
    <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      writes += 1
      if (writes === kill.write && kill.side === 'before') process.kill(process.pid, 'SIGKILL')
      const result = await write(...args)
      if (writes === kill.write) process.kill(process.pid, 'SIGKILL')
      return result
    }
  return {
    ...client,
    createAddition: wrap(client.createAddition),
    patchAddition: wrap(client.patchAddition),
    deleteAddition: wrap(client.deleteAddition),
    createCatalogItem: wrap(client.createCatalogItem),
  }
}

const { db } = openDatabase(kill.databaseUrl)
const worker = workerOf(db, kill.addresses, settlesSoon)
const clients = async (organisationId: string) => {
  const { prism, connectWise, currency } = await worker.clients(organisationId)
  return { prism, connectWise: dying(connectWise), currency }
}
await drain({ ...worker, clients }, { budgetMs: 20_000 })
process.exit(0)
