/**
 * Generates 1,000,000 subscriptions, one after the other, and serves one month's file of the largest partner. Budget: at
 * no time 64 MB more heap than before the first tenant was read.
 */
import { generatePrism } from '#standin/generator/prism-seed.ts'
import { startPrism } from '#standin/prism/prism.ts'

const budgetMb = 64
const megabytes = (bytes: number) => bytes / 2 ** 20

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
say(`${tenants} tenants with ${subscriptions} subscriptions generated`, started)

started = performance.now()
const [invoice] = prism.store.book()?.invoices() ?? []
const answer = await fetch(`${prism.url}/control/invoices/${invoice?.id}/csv`)
let [rows, bytes] = [0, 0]
for await (const piece of answer.body ?? []) {
  bytes += piece.length
  for (const byte of piece) if (byte === 10) rows += 1
  peak = Math.max(peak, heap())
}
say(`${rows} rows, ${megabytes(bytes).toFixed(1)} MB served`, started)

const grown = megabytes(peak - idle)
console.log(
  `heap at most ${grown.toFixed(1)} MB above idle (budget ${budgetMb} MB), garbage not yet collected included`,
)
await prism.close()
process.exitCode = grown <= budgetMb && subscriptions === 1_000_000 ? 0 : 1

function say(what: string, since: number): void {
  console.log(`${what} in ${((performance.now() - since) / 1000).toFixed(1)} s`)
}
