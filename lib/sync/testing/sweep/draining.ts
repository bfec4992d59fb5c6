/** A real process that does the jobs of a database until it is killed: `node draining.ts '<Draining as JSON>'`. */
import { drain } from '#lib/jobs/drain.ts'
import { type Addresses, unhurried } from '../processes.ts'
import { startProcess } from './process.ts'

export interface Draining {
  readonly databaseUrl: string
  /** By organisation. */
  readonly addresses: readonly (readonly [string, Addresses])[]
}

const { databaseUrl, addresses }: Draining = JSON.parse(process.argv[2] ?? '')
const { worker } = startProcess(databaseUrl, new Map(addresses), {
  clientMs: unhurried.clientMs,
  settleMs: 60,
})
await drain(worker, { budgetMs: 60_000 })
process.exit(0)
