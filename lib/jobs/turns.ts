/** Whose turn it is: a person's request goes before the schedule's, and organisations take turns (I2). */
import type { FetchOptions, JobWithMetadata, PgBoss } from 'pg-boss'
import type { QueueName } from '#db/queues.ts'
import { byPerson } from './definitions.ts'

export interface Taken {
  readonly name: QueueName
  readonly job: JobWithMetadata<unknown>
}

/** What a person waits for. A look for somebody who waits is no job (`lookNow`). */
const asked = ['load-invoice', 'sync-agreement', 'sync-products'] as const satisfies readonly QueueName[]
/** Detect comes first: it is short, and may add to the others. Products come before the agreements that need them. */
const all = [
  'detect',
  'notify',
  'load-invoice',
  'sync-products',
  'sync-agreement',
] as const satisfies readonly QueueName[]

interface Room {
  /** Jobs at a time. */
  readonly parallel: number
  readonly looksOnly: boolean
  /** Loads of files under way in this process. */
  readonly loading: number
  /** Jobs that tell people under way in this process. */
  readonly notifying: number
}

/**
 * Takes the next job, `null` where none is there. An organisation of which no job of the kind is active comes before others,
 * and none has more than half of the jobs at a time: the others find room whenever they come. In its turn it is the oldest.
 */
export const takeNext = async (
  boss: PgBoss,
  { parallel, looksOnly, loading, notifying }: Room,
): Promise<Taken | null> => {
  const mayLoad = loading < Math.max(1, Math.floor(parallel / 2))
  // A mail server that hangs holds up few jobs, however many organisations have mail for it.
  const mayNotify = notifying < Math.max(1, Math.floor(parallel / 4))
  const shares = [...new Set([1, Math.max(1, Math.ceil(parallel / 2))])]
  const take = async (
    names: readonly QueueName[],
    options: Pick<FetchOptions, 'minPriority'>,
  ): Promise<Taken | null> => {
    for (const groupConcurrency of shares)
      for (const name of names) {
        // A file takes long and memory: one of an organisation at a time, and half of the jobs at most are loads.
        if (name === 'load-invoice' && (!mayLoad || groupConcurrency > 1)) continue
        if (name === 'notify' && !mayNotify) continue
        const [job] = await boss.fetch<unknown>(name, { ...options, groupConcurrency, includeMetadata: true })
        if (job) return { name, job }
      }
    return null
  }
  if (looksOnly) return take(['detect'], {})
  return (await take(asked, { minPriority: byPerson })) ?? take(all, {})
}
