/** Where an organisation ends after a look, and what may be said of it beside a clean one. */
import { invoicesSchema } from '#app/api/schemas/invoices.ts'
import { type RunContent, runSchema, runsSchema } from '#app/api/schemas/runs.ts'
import type { Store } from '#standin/connectwise/store.ts'
import { call } from '../api-world.ts'
import type { Reach } from './damage.ts'
import type { StoredOrganisation } from './organisations.ts'
import { agreementIds, invoiceOfMay, program } from './small-partner.ts'

export interface EndState {
  /** By agreement and serial number: what ConnectWise bills from, ids aside, in a fixed order. */
  readonly additions: ReadonlyMap<number, ReadonlyMap<string, string>>
  /** By Vendor SKU: cost and price. */
  readonly catalog: ReadonlyMap<string, string>
  /** By agreement: its part of the newest run over customers, ids and times aside. */
  readonly results: ReadonlyMap<number, string>
  readonly statuses: ReadonlyMap<number, string>
  /** The newest run over products, ids and times aside. */
  readonly products: string
  /** Why May's invoice is not ready, or the look failed; `null`: all is well. */
  readonly trouble: string | null
}

export async function endStateOf(organisation: StoredOrganisation, store: Store): Promise<EndState> {
  const read = reader(organisation)
  const { runs } = runsSchema.parse(await read('/api/runs'))
  const newest = async (kind: RunContent['kind']): Promise<RunContent | null> => {
    const found = runs.find((each) => each.kind === kind)
    return found === undefined ? null : runSchema.parse(await read(`/api/runs/${found.id}`))
  }
  const [customers, products] = [await newest('customers'), await newest('products')]
  const ofRun = customers?.customers ?? []
  return {
    additions: new Map(agreementIds.map((id) => [id, additionsOf(store, id)])),
    catalog: catalogOf(store),
    results: new Map(ofRun.map((each) => [each.agreementId, withoutIds(each)])),
    statuses: new Map(ofRun.map((each) => [each.agreementId, each.status ?? each.state])),
    products: withoutIds(products?.products ?? []),
    trouble: troubleOf(invoicesSchema.parse(await read(`/api/invoices?program=${program}`))),
  }
}

const reader =
  ({ apiToken }: StoredOrganisation) =>
  async (path: string): Promise<unknown> => {
    const answer = await call('GET', path, { headers: { authorization: `Bearer ${apiToken}` } })
    const body: unknown = await answer.json()
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`)
    return body
  }

function troubleOf({ invoices, lastCheckError }: ReturnType<typeof invoicesSchema.parse>): string | null {
  const may = invoices.filter(({ prismInvoiceId }) => prismInvoiceId === invoiceOfMay)
  const notReady = may.find(({ state }) => /held|refused|unread|ignored/.test(state))
  if (lastCheckError !== null) return lastCheckError
  if (notReady !== undefined) return notReady.reason
  return may.length === 0 ? 'not listed' : null
}

/** What an addition bills by. */
const billed = [
  'effectiveDate',
  'cancelledDate',
  'quantity',
  'unitCost',
  'unitPrice',
  'billCustomer',
  'lessIncluded',
  'taxableFlag',
] as const

function additionsOf(store: Store, agreementId: number): Map<string, string> {
  const skuOf = (product: unknown) => {
    const { id } = product as { readonly id: number }
    return text(store.get('catalog', id)?.vendorSku) || `item ${id}`
  }
  return grouped(
    store.additionsOf(agreementId).map((each) => ({
      key: text(each.serialNumber),
      line: [skuOf(each.product), ...billed.map((name) => text(each[name]) || 'none')].join(' '),
    })),
  )
}

const catalogOf = (store: Store): Map<string, string> =>
  grouped(
    store.all('catalog').map(({ vendorSku, cost, price }) => ({
      key: text(vendorSku),
      line: `${text(cost)}/${text(price)}`,
    })),
  )

/** The lines of each key, in a fixed order. */
function grouped(lines: readonly { readonly key: string; readonly line: string }[]): Map<string, string> {
  const byKey = Map.groupBy(lines, ({ key }) => key)
  return new Map(
    [...byKey].map(([key, of]) => [
      key,
      of
        .map(({ line }) => line)
        .sort()
        .join('\n'),
    ]),
  )
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** As text. What counts up over all organisations, or is a time, is left out; PRISM's ids are the same everywhere. */
function withoutIds(value: unknown): string {
  return JSON.stringify(value, (name, each: unknown) => {
    if (/^(id|runId|additionId|catalogItemId|adjustsAdditionId|invoiceId|reference|readAt)$/.test(name))
      return undefined
    if (typeof each === 'string' && moment.test(each)) return undefined
    if (name === 'runId' && typeof each === 'string' && uuid.test(each)) return undefined
    return each
  })
}

// ───────────────────────────── the verdict ─────────────────────────────

export interface Compared {
  /** Before the look. */
  readonly before: EndState
  /** After a clean look at the same partner. */
  readonly clean: EndState
  readonly odd: EndState
}

/** What is wrong, in sentences; none where everything is as it should be. */
export function faultsOf({ before, clean, odd }: Compared, reach: Reach): string[] {
  return [
    ...agreementIds.flatMap((id) => agreementFaults(id, { before, clean, odd }, reach)),
    ...catalogFaults({ before, clean, odd }, reach),
  ]
}

function agreementFaults(id: number, { before, clean, odd }: Compared, reach: Reach): string[] {
  if (reach.otherTruth?.includes(id)) return []
  const [was, right, is] = [before, clean, odd].map(
    (state) => state.additions.get(id) ?? new Map<string, string>(),
  )
  const isReached = reach.held || reach.agreements.includes(id)
  const serials = new Set([...(right?.keys() ?? []), ...(is?.keys() ?? [])])
  const wrong = [...serials].filter((serial) => {
    const found = is?.get(serial)
    const mayBe = reach.held ? [was] : isReached ? [was, right] : [right]
    return !mayBe.some((each) => each?.get(serial) === found)
  })
  if (wrong.length > 0)
    return wrong.map((serial) =>
      [
        `agreement ${id}, serial number '${serial}' (${odd.statuses.get(id) ?? 'not in the run'}; ${odd.trouble ?? 'no trouble'}) holds`,
        is?.get(serial) ?? 'nothing',
        'and held',
        was?.get(serial) ?? 'nothing',
        'and would hold after a clean look',
        right?.get(serial) ?? 'nothing',
      ].join('\n'),
    )
  if (!isReached && odd.results.get(id) !== clean.results.get(id))
    return [`agreement ${id}: its result is ${differenceOf(odd.results.get(id), clean.results.get(id))}`]
  const isBehind = [...serials].some((serial) => is?.get(serial) !== right?.get(serial))
  if (isBehind && odd.trouble === null && !/Warning|Error/.test(odd.statuses.get(id) ?? ''))
    return [`agreement ${id} is behind, and nothing says so (${odd.statuses.get(id) ?? 'not in the run'})`]
  return []
}

const shownOfDifference = 240
const shownBefore = 60

/** Where two texts part, and how each goes on. */
export function differenceOf(found = '', right = ''): string {
  let parts = 0
  while (parts < right.length && found[parts] === right[parts]) parts += 1
  const from = Math.max(0, parts - shownBefore)
  const [is, shouldBe] = [found, right].map((text) => text.slice(from, from + shownOfDifference))
  return `…${is}…\ninstead of …${shouldBe}…`
}

function catalogFaults({ before, clean, odd }: Compared, reach: Reach): string[] {
  const all = new Set([...clean.catalog.keys(), ...odd.catalog.keys()])
  return [...all]
    .filter((sku) => {
      if (reach.otherSkus?.includes(sku)) return false
      const mayBe = reach.held || reach.skus.includes(sku) ? [before, clean] : [clean]
      return !mayBe.some((state) => state.catalog.get(sku) === odd.catalog.get(sku))
    })
    .map(
      (sku) =>
        `catalog item ${sku} has ${odd.catalog.get(sku) ?? 'nothing'}, had ${before.catalog.get(sku) ?? 'nothing'}, and would have ${clean.catalog.get(sku) ?? 'nothing'}`,
    )
}
