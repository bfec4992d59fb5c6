/**
 * PRISM with what it issues, and an organisation with customers in every kind of trouble, as its owner asks for the inbox and
 * answers it. Free of the test runner: tests of the API use it, and tests in a browser.
 */
import type { ActionId, InboxKind } from '#lib/inbox/item.ts'
import type { ConnectWise } from '../../../standin/connectwise/server.ts'
import { demoMappings, tenantId } from '../../../standin/data/index.ts'
import type { Prism } from '../../../standin/prism/prism.ts'
import { inboxSchema, type ShownAction, type ShownItem } from '../schemas/inbox.ts'
import { annualFile } from './annual-world.ts'

export const PROGRAM = '/api/programs/microsoft-csp'
/** Why something is muted. */
export const MUTED_AS = 'as agreed with them'

/** A customer of the demo, by its short name, with where the demo maps it. */
export function customer(key: string) {
  const found = demoMappings().find((each) => each.tenantId === tenantId(key))
  if (found === undefined) throw new Error(`The demo maps no customer ${key}`)
  const { tenantId: id, ...place } = found
  return { tenantId: id, place, path: `${PROGRAM}/customers/${encodeURIComponent(id)}` }
}

const send = async (url: string, body: unknown = {}, method = 'POST'): Promise<unknown> => {
  const answer = await fetch(url, { method, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}`)
  return answer.json()
}

export type Lines = readonly string[]
export type PrismThere = Pick<Prism, 'store' | 'faults'> & { readonly url: string }
export type ConnectWiseThere = Pick<ConnectWise, 'store' | 'faults'> & { readonly url: string }

/** PRISM's partner, whose invoices are those of every organisation that uses its credentials. */
export const prismWorld = (prism: PrismThere) => {
  const csvOf = (id: string | number) => `${prism.url}/control/invoices/${id}/csv`
  const linesOf = async (id: string): Promise<Lines> =>
    (await (await fetch(csvOf(id))).text()).trimEnd().split('\n')
  const self = {
    faults: prism.faults,
    tenants: () => [...(prism.store.book()?.tenants() ?? [])],
    /** What was issued, oldest first, by PRISM's own id. */
    issued: [] as string[],
    /** The next month, once its file was changed. */
    async issue(change?: (lines: Lines) => Lines): Promise<string> {
      const { invoiceId } = (await send(`${prism.url}/control/invoices/next`)) as { invoiceId: number }
      const id = String(invoiceId)
      self.issued.push(id)
      if (change !== undefined) {
        const body = change(await linesOf(id)).join('\n')
        await fetch(csvOf(id), { method: 'PUT', body })
      }
      return id
    },
    /** An annual invoice of today: five seats for a year, 240.00 each. */
    async issueAnnual(domain: string, name: string): Promise<void> {
      const today = new Date().toISOString().slice(0, 10)
      const [usageYear, usageMonth] = today.split('-').map(Number)
      const csv = annualFile({
        customer: { name, domain },
        first: today,
        last: `${Number(usageYear) + 1}${today.slice(4)}`,
      })
      const issued = { usageYear, usageMonth, billingPeriodStart: today, csv }
      await send(`${prism.url}/control/invoices`, issued)
    },
    /** Another invoice of a month, changed. @param month `2026-07` */
    async issueAgain(id: string, month: string, change: (lines: Lines) => Lines): Promise<void> {
      const [usageYear, usageMonth] = month.split('-').map(Number)
      const csv = change(await linesOf(id)).join('\n')
      await send(`${prism.url}/control/invoices`, { usageYear, usageMonth, csv })
    },
  }
  return self
}
export type PrismWorld = ReturnType<typeof prismWorld>

/** As `CallApi` of the tests of the API. */
type Call = (method: string, path: string, request?: { readonly body?: unknown }) => Promise<Response>

export interface Organisation {
  /** Our API, as its owner. */
  readonly api: Call
  readonly connectWise: ConnectWiseThere
  /** Waits for what the API went on with after answering. */
  readonly settled: () => Promise<void>
  /** The scheduled call, until nothing is left to do. */
  readonly work: () => Promise<void>
}

export const inboxWorld = ({ api, connectWise, settled, work }: Organisation) => {
  const good = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const answer = await api(method, path, { body })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return answer
  }
  const self = {
    good,
    settled,
    work,
    connectWise,
    additionsOf: (key: string) => connectWise.store.additionsOf(customer(key).place.agreementId),
    async inbox(query = '') {
      return inboxSchema.parse(await (await good('GET', `/api/inbox${query}`)).json())
    },
    /** The first items of each cause of a kind. */
    async items(kind: InboxKind): Promise<ShownItem[]> {
      return (await self.inbox(`?kind=${kind}`)).groups.flatMap(({ items }) => items)
    },
    /** Does what a button would do. @param chosen what is chosen with it */
    async press(action: ShownAction, chosen?: string): Promise<void> {
      const [method = '', pattern = ''] = action.endpoint.split(' ')
      const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(String(action.path[name])),
      )
      if ((action.choose === null) !== (chosen === undefined))
        throw new Error(`${action.id} is given a choice where it wants none, or none`)
      const choice =
        action.choose === null
          ? {}
          : {
              [action.choose.field]: action.choose.from === 'one-time-agreements' ? Number(chosen) : chosen,
              ...(action.choose.from === 'terms' ? { reason: MUTED_AS } : {}),
            }
      const query = new URLSearchParams(action.query).toString()
      const body = action.body === null ? undefined : { ...action.body, ...choice }
      await good(method, query === '' ? path : `${path}?${query}`, body)
      await settled()
    },
    action(item: Pick<ShownItem, 'actions'> | undefined, id: ActionId): ShownAction {
      const found = item?.actions.find((each) => each.id === id)
      if (found === undefined) throw new Error(`No action ${id} in ${JSON.stringify(item)}`)
      return found
    },
    async map(key: string, more: object = {}): Promise<void> {
      const { path, place } = customer(key)
      await good('PUT', `${path}/mapping`, { ...place, syncEnabled: true, ...more })
    },
    async sync(key: string): Promise<void> {
      await good('POST', `${customer(key).path}/sync`)
      await settled()
      await work()
    },
    /** ConnectWise invoices the agreement's next month. */
    invoice: (key: string) =>
      send(`${connectWise.url}/control/agreements/${customer(key).place.agreementId}/invoice`),
    /** What the keys may not do. */
    deny: (denied: readonly string[]) => send(`${connectWise.url}/control/role`, { denied }, 'PUT'),
  }
  return self
}
export type InboxWorld = ReturnType<typeof inboxWorld>
