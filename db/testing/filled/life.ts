/** An organisation that a database is filled by: what can happen to it, through the queue and the stand-ins' control calls. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'
import { putConnection } from '#db/connections/connections.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { runsOf } from '#db/runs/runs.ts'
import { requestStop } from '#db/runs/stops.ts'
import { drain } from '#lib/jobs/drain.ts'
import { enqueueDetect } from '#lib/jobs/enqueue.ts'
import type { Worker } from '#lib/jobs/worker.ts'
import { programs } from '#lib/programs/registry.ts'
import { program, writesTo } from '#lib/sync/testing/world.ts'
import type { ConnectWise } from '#standin/connectwise/server.ts'

/** One organisation with its systems, and what can happen to it. */
export interface Life {
  readonly db: Database
  readonly organisationId: string
  readonly connectWise: ConnectWise
  readonly addresses: { readonly prism: string; readonly connectWise: string }
  readonly worker: Worker
}

const BUDGET_MS = 120_000

export const born = async (
  db: Database,
  name: string,
  options: Partial<Parameters<typeof putProgramSettings>[3]>,
): Promise<string> => {
  const { id } = await createOrganisation(db, { name })
  const [microsoftCsp] = programs
  if (microsoftCsp === undefined) throw new Error('There is no program')
  await putProgramSettings(db, id, program, { ...microsoftCsp.defaults, enabled: true, ...options })
  const sealed = { sealed: '', sealKeyId: '' }
  const prism = { clientId: 'client', currency: 'AUD', accountName: name }
  await putConnection(db, id, { kind: 'prism', settings: prism, ...sealed })
  await putConnection(db, id, { kind: 'connectwise', settings: {}, ...sealed })
  return id
}

export const finish = async ({ worker }: Life): Promise<void> => {
  const { jobsLeft } = await drain(worker, { budgetMs: BUDGET_MS })
  if (jobsLeft > 0) throw new Error(`${jobsLeft} jobs are left`)
}
export const scheduledCall = async (life: Life): Promise<void> => {
  await enqueueDetect(life.db, { organisationId: life.organisationId, program })
  await finish(life)
}
export const issue = async ({ addresses }: Life): Promise<string> => {
  const answer = await fetch(`${addresses.prism}/control/invoices/next`, { method: 'POST', body: '{}' })
  const { invoiceId } = (await answer.json()) as { invoiceId: number }
  return String(invoiceId)
}
export const rewrite = async (
  { addresses }: Life,
  id: string,
  change: (lines: readonly string[]) => readonly string[],
): Promise<void> => {
  const path = `${addresses.prism}/control/invoices/${id}/csv`
  const lines = (await (await fetch(path)).text()).trimEnd().split('\n')
  await fetch(path, { method: 'PUT', body: change(lines).join('\n') })
}
export const without = (pattern: RegExp) => (lines: readonly string[]) =>
  lines.filter((line) => !pattern.test(line))
export const invoice = async ({ addresses }: Life, ids: readonly number[]): Promise<void> => {
  for (const id of ids)
    await fetch(`${addresses.connectWise}/control/agreements/${id}/invoice`, { method: 'POST' })
}
/** The scheduled call, stopped by a person after some of its writes. */
export const stopped = async (life: Life, afterWrites: number): Promise<void> => {
  const { db, organisationId, connectWise } = life
  connectWise.faults.add([{ kind: 'latency', method: 'POST', path: '*/additions', ms: 300 }])
  const before = writesTo(connectWise).length
  const done = scheduledCall(life)
  const until = performance.now() + BUDGET_MS
  while (writesTo(connectWise).length < before + afterWrites && performance.now() < until) await pause(10)
  const [run] = await runsOf(db, organisationId, program, { kind: 'customers', limit: 1, offset: 0 })
  await requestStop(db, organisationId, run?.id ?? '', 'Ann')
  await done
  connectWise.faults.clear()
}

export const closeAll = (systems: readonly { close(): Promise<void> }[]): Promise<unknown> =>
  Promise.all(systems.map((each) => each.close()))
