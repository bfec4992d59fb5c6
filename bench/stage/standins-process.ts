/** The stand-ins of a benchmark, in a process of their own: one PRISM of all partners, a ConnectWise for each. */

import { issueInvoice } from '#standin/connectwise/invoices.ts'
import { createConnectWise } from '#standin/connectwise/server.ts'
import { createPrism } from '#standin/prism/prism.ts'
import { answerCalls } from './calls.ts'
import { agreementIdOf, connectWiseOf, prismPartner } from './partner.ts'
import type { StandinCalls, StandinSetUp } from './standins.ts'

const { partners }: StandinSetUp = JSON.parse(process.argv[2] ?? '')
const prism = createPrism({
  seed: { partners: partners.map((size, partner) => prismPartner(partner, size)) },
  issuedAtStart: 1,
})
const systems = partners.map((size) => ({ size, ...createConnectWise({ seed: connectWiseOf(size) }) }))

/** What a ConnectWise was asked since the last reset; control calls do not count. */
interface Count {
  requests: number
  writes: number
  readonly byRoute: Record<string, number>
  readonly written: Set<string>
}
const noCount = (): Count => ({
  requests: 0,
  writes: 0,
  byRoute: {},
  written: new Set(),
})
const counts = systems.map(noCount)
systems.forEach(({ server }, partner) => {
  server.on('request', ({ method = '', url = '' }) => {
    if (url.startsWith('/control/')) return
    const count = counts[partner] ?? noCount()
    const path = url.replace(/^\/[^/]+\/apis\/3\.0/, '').replace(/\?.*/, '')
    const route = `${method} ${path.replace(/\/\d+/g, '/:id')}`
    count.requests += 1
    count.byRoute[route] = (count.byRoute[route] ?? 0) + 1
    if (method === 'GET') return
    count.writes += 1
    const agreement = /\/agreements\/(\d+)\//.exec(path)?.[1]
    if (agreement !== undefined) count.written.add(agreement)
  })
})

const calls: StandinCalls = {
  listen: async () => ({
    prism: await prism.listen(0),
    connectWise: await Promise.all(systems.map(({ listen }) => listen(0))),
  }),
  issueNext: async () => {
    for (const { size, store } of systems)
      for (let customer = 0; customer < size.customers; customer += 1)
        issueInvoice(store, agreementIdOf(customer), '2026-12-31')
    for (const partner of prism.store.books()) prism.store.issueNext(partner)
  },
  setLatency: async (ms, ofPartners) => {
    for (const [partner, { faults }] of systems.entries()) {
      if (ofPartners !== undefined && !ofPartners.includes(partner)) continue
      faults.clear()
      if (ms > 0) faults.add([{ kind: 'latency', ms }])
    }
  },
  resetTraffic: async () => {
    for (const partner of counts.keys()) counts[partner] = noCount()
  },
  traffic: async (partner) => {
    const { written, ...traffic } = counts[partner] ?? noCount()
    return { ...traffic, agreementsWritten: written.size }
  },
  additions: async (partner) => {
    const rows = systems[partner]?.store.all('additions') ?? []
    const keys = rows.map((row) =>
      JSON.stringify([row.agreementId, row.serialNumber, row.effectiveDate, row.cancelledDate, row.quantity]),
    )
    return { all: keys.length, doubled: keys.length - new Set(keys).size }
  },
}
answerCalls(calls)
