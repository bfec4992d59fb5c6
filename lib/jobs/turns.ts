/** Whose turn it is: a person's request goes before the schedule's, and organisations take turns (I2). */
import type { FetchOptions, JobWithMetadata } from 'pg-boss'
import type { Database } from '#db/client.ts'
import type { QueueName } from '#db/queues.ts'
import { byPerson } from './definitions.ts'
import { queueOf, readyQueues } from './queue.ts'

export interface Taken {
  readonly name: QueueName
  readonly job: JobWithMetadata<unknown>
}

/** What a person waits for. A look for somebody who waits is no job (`lookNow`). */
const asked = ['load-invoice', 'sync-agreement', 'sync-products'] as const satisfies readonly QueueName[]
/** Detect comes first: it is short, and may add to the others. Products come before the agreements that need them. What ConnectWise invoiced is read once they are done; a scan is evidence for suggestions, and what is removed hurries nobody. */
const all = [
  'detect',
  'notify',
  'load-invoice',
  'sync-products',
  'sync-agreement',
  'invoicing',
  'scan',
  'delete-organisations',
  'remove-old',
] as const satisfies readonly QueueName[]

/**
 * Jobs at a time, where so many requests to a ConnectWise may be under way: an organisation has half of the jobs, an agreement for
 * each request. More would keep the requests busier, and a person of another organisation waiting for longer (I2).
 */
export const jobsFor = (requestsAtATime: number): number => 2 * requestsAtATime

/** Of the jobs, those that are no agreement's: looks, files and products take more memory. */
const othersOf = (parallel: number): number => Math.max(4, Math.ceil(parallel / 2))

interface Room {
  /** Jobs at a time. */
  readonly parallel: number
  readonly looksOnly: boolean
  /** Jobs under way in this process, but for those that left their place. */
  readonly inPlaces: readonly QueueName[]
}

/**
 * Takes the next job, `null` where none is there. An organisation of which no job of the kind is active comes before others,
 * and none has more than half of the jobs at a time: the others find room whenever they come. In its turn it is the oldest.
 * Only queues with a job that may begin are asked for one.
 */
export const takeNext = async (
  db: Database,
  { parallel, looksOnly, inPlaces }: Room,
): Promise<Taken | null> => {
  const ready = await readyQueues(db)
  const loading = inPlaces.filter((name) => name === 'load-invoice').length
  const others = inPlaces.filter((name) => name !== 'sync-agreement').length
  const mayLoad = loading < Math.max(1, Math.floor(othersOf(parallel) / 2))
  // A mail server that hangs holds up few jobs, however many organisations have mail for it.
  const mayNotify =
    inPlaces.filter((name) => name === 'notify').length < Math.max(1, Math.floor(othersOf(parallel) / 4))
  const mayTake = (name: QueueName): boolean =>
    looksOnly || name === 'sync-agreement' || others < othersOf(parallel)
  const shares = [...new Set([1, Math.max(1, Math.ceil(parallel / 2))])]
  const boss = await queueOf(db)
  const take = async (
    names: readonly QueueName[],
    options: Pick<FetchOptions, 'minPriority'>,
  ): Promise<Taken | null> => {
    const { minPriority = 0 } = options
    const withJobs = names.filter((name) => mayTake(name) && (ready.get(name) ?? -1) >= minPriority)
    for (const groupConcurrency of shares)
      for (const name of withJobs) {
        // A file takes long and memory: one of an organisation at a time, and half of such jobs at most are loads.
        if (name === 'load-invoice' && (!mayLoad || groupConcurrency > 1)) continue
        if (name === 'notify' && !mayNotify) continue
        // Removing is work for the database alone, and at most one job of a process.
        if ((name === 'remove-old' || name === 'delete-organisations') && inPlaces.includes(name)) continue
        // One of an organisation at a time.
        if ((name === 'scan' || name === 'invoicing') && groupConcurrency > 1) continue
        const [job] = await boss.fetch<unknown>(name, { ...options, groupConcurrency, includeMetadata: true })
        if (job) return { name, job }
      }
    return null
  }
  if (looksOnly) return take(['detect'], {})
  return (await take(asked, { minPriority: byPerson })) ?? take(all, {})
}
