/** A process of the product that only drains, as one of several servers does. */
import { openDatabase } from '#db/client.ts'
import { drain } from '#lib/jobs/drain.ts'
import { answerCalls } from './calls.ts'
import type { DrainCalls, DrainSetUp } from './drains.ts'
import { workerOf } from './worker.ts'

const setUp: DrainSetUp = JSON.parse(process.argv[2] ?? '')
const { db } = openDatabase(setUp.databaseUrl)
const lookedAt: Record<string, number> = {}
const worker = {
  ...workerOf(db, setUp.worker),
  afterDetect: async ({ organisationId }: { readonly organisationId: string }) => {
    lookedAt[organisationId] ??= Date.now()
  },
}
globalThis.gc?.()
let peak = process.memoryUsage.rss()
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 50).unref()

const calls: DrainCalls = {
  drain: (budgetMs) => drain(worker, { budgetMs }),
  looks: async () => {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    return { lookedAt, peakMb: peak / 2 ** 20, keptMb: (heapUsed + external) / 2 ** 20 }
  },
}
answerCalls(calls)
