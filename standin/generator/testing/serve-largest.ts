/** A process that serves and reads the largest partner's file of one month, and says how much it was. */
import { startPrism } from '../../prism/prism.ts'
import { generatePrism } from '../prism-seed.ts'

const seed = generatePrism({ partners: 3_000, tenants: 200_000, subscriptions: 1_000_000, products: 400 })
const prism = await startPrism({ seed, issuedAtStart: 1 })
const [invoice] = prism.store.book()?.invoices() ?? []
const answer = await fetch(`${prism.url}/control/invoices/${invoice?.id}/csv`)
let [rows, bytes] = [0, 0]
for await (const piece of answer.body ?? []) {
  bytes += piece.length
  for (const byte of piece) if (byte === 10) rows++
}
await prism.close()
process.send?.({ rows, bytes })
