/**
 * Generates 1,000,000 subscriptions, one after the other, and serves one month's file of the largest partner. Budget: at
 * no time 64 MB more heap than before the first tenant was read.
 */
import type { Row } from '#scripts/bench-table.ts'
import { generatePrism } from '#standin/generator/prism-seed.ts'
import { startPrism } from '#standin/prism/prism.ts'
import { shown } from './stage/sizes.ts'

const BUDGET_MB = 64
const megabytes = (bytes: number) => bytes / 2 ** 20

export default async function standinMemory(): Promise<Row[]> {
  const seed = generatePrism({ partners: 3_000, tenants: 200_000, subscriptions: 1_000_000, products: 400 })
  const prism = await startPrism({ seed, issuedAtStart: 1 })
  const heap = () => process.memoryUsage().heapUsed + process.memoryUsage().external
  globalThis.gc?.()
  const idle = heap()
  let peak = idle

  let started = performance.now()
  let [tenants, subscriptions] = [0, 0]
  for (const { portfolio } of seed.partners)
    for (const { tenantId } of portfolio.tenants()) {
      tenants += 1
      subscriptions += new Set(portfolio.histories(tenantId).map((history) => history.subscriptionId)).size
      if (tenants % 100 === 0) peak = Math.max(peak, heap())
    }
  const generatedMs = performance.now() - started

  started = performance.now()
  const [invoice] = prism.store.book()?.invoices() ?? []
  const answer = await fetch(`${prism.url}/control/invoices/${invoice?.id}/csv`)
  let lines = 0
  for await (const piece of answer.body ?? []) {
    for (const byte of piece) if (byte === 10) lines += 1
    peak = Math.max(peak, heap())
  }
  const servedMs = performance.now() - started

  await prism.close()
  if (subscriptions !== 1_000_000) throw new Error(`${subscriptions} subscriptions were generated.`)
  return [
    {
      measure: `stand-in, ${shown(subscriptions)} subscriptions: heap over idle, uncollected garbage included`,
      ours: megabytes(peak),
      reference: megabytes(idle),
      unit: 'MB',
      budget: { times: 1, plus: BUDGET_MB },
    },
    {
      measure: `stand-in, ${shown(subscriptions)} subscriptions of ${shown(tenants)} tenants generated`,
      ours: generatedMs / 1000,
      unit: 's',
    },
    { measure: `stand-in, a file of ${shown(lines)} lines served`, ours: servedMs / 1000, unit: 's' },
  ]
}
