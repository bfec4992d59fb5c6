/**
 * A process that loads invoice `1` and is killed behind the lines that it has stored first: `node killed-load.ts '<Killed as
 * JSON>'`. It stands for a server that dies: nothing of it is closed or released.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '#db/client.ts'
import { openLoad } from '#db/prism/invoice-loads.ts'
import type { ConnectWiseClient } from '#lib/connectwise/values.ts'
import { drain } from '../drain.ts'
import { csvOf, pausedAt, scriptedPrism } from './scripted-prism.ts'

export interface Killed {
  readonly databaseUrl: string
  readonly organisationId: string
  readonly program: string
  /** Of its file. */
  readonly lines: number
}

const { databaseUrl, organisationId, program, lines }: Killed = JSON.parse(process.argv[2] ?? '')
const { db } = openDatabase(databaseUrl)
const prism = scriptedPrism(['1'])
prism.files.set('1', () =>
  pausedAt(csvOf(lines), 0.95, async () => {
    while (((await openLoad(db, organisationId, program, '1'))?.lines ?? 0) === 0) await sleep(20)
    process.kill(process.pid, 'SIGKILL')
  }),
)
// It is to have all the time that it needs.
const begun = new Date()
await drain(
  {
    db,
    clients: async () => ({
      prism: prism.client,
      connectWise: {} as ConnectWiseClient,
      currency: 'AUD',
    }),
    noteUse: async () => undefined,
    now: () => begun,
    settings: { connectWiseTimeoutMs: 1_000, leaseMs: 3_000, parallel: 4 },
  },
  { budgetMs: 30_000 },
)
process.exit(0)
