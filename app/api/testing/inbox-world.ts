/** A program with customers in every kind of trouble, and the inbox as its owner asks for it and answers it. */
import { expect } from 'vitest'
import type { ActionId, InboxKind } from '#lib/inbox/item.ts'
import { demoMappings, tenantId } from '../../../standin/data/index.ts'
import { inboxSchema, type ShownAction, type ShownItem } from '../schemas/inbox.ts'
import type { ApiWorld, CallApi } from './api-world.ts'
import { settled } from './api-world.ts'
import { scheduledCall } from './organisation.ts'
import { readAnswer } from './reading.ts'

const PROGRAM = '/api/programs/microsoft-csp'

/** A customer of the demo, by its short name, with where the demo maps it. */
export function customer(key: string) {
  const found = demoMappings().find((each) => each.tenantId === tenantId(key))
  if (found === undefined) throw new Error(`The demo maps no customer ${key}`)
  const { tenantId: id, ...place } = found
  return { tenantId: id, place, path: `${PROGRAM}/customers/${encodeURIComponent(id)}` }
}

const post = async (url: string, body: unknown = {}, method = 'POST'): Promise<unknown> => {
  const answer = await fetch(url, { method, body: JSON.stringify(body) })
  expect(answer.ok, `${method} ${url}: ${answer.status}`).toBe(true)
  return answer.json()
}

export type Lines = readonly string[]

export const inboxWorld = (world: ApiWorld, api: CallApi) => {
  const csvOf = (id: string | number) => `${world.prism.url}/control/invoices/${id}/csv`
  const self = {
    /** What PRISM issued, oldest first, by its own id. */
    issued: [] as string[],
    async inbox(query = '') {
      return readAnswer(api, inboxSchema, 'GET', `/api/inbox${query}`)
    },
    /** All items of a kind. */
    async items(kind: InboxKind): Promise<ShownItem[]> {
      return (await self.inbox(`?kind=${kind}`)).groups.flatMap(({ items }) => items)
    },
    /** Does what a button would do. @param chosen what is chosen with it */
    async press(action: ShownAction, chosen?: string): Promise<void> {
      const [method = '', pattern = ''] = action.endpoint.split(' ')
      const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(String(action.path[name])),
      )
      expect(action.choose === null, 'whether something is to be chosen').toBe(chosen === undefined)
      const choice =
        action.choose === null
          ? {}
          : {
              [action.choose.field]: chosen,
              ...(action.choose.from === 'terms' ? { reason: 'as agreed with them' } : {}),
            }
      const query = new URLSearchParams(action.query).toString()
      const body = action.body === null ? undefined : { ...action.body, ...choice }
      const answer = await api(method, query === '' ? path : `${path}?${query}`, { body })
      expect(answer.ok, `${action.endpoint}: ${answer.ok ? '' : await answer.text()}`).toBe(true)
      await settled()
    },
    action(item: Pick<ShownItem, 'actions'> | undefined, id: ActionId): ShownAction {
      const found = item?.actions.find((each) => each.id === id)
      if (found === undefined) throw new Error(`No action ${id} in ${JSON.stringify(item)}`)
      return found
    },
    /** PRISM issues the next month, once its file was changed. */
    async issue(change?: (lines: Lines) => Lines): Promise<string> {
      const { invoiceId } = (await post(`${world.prism.url}/control/invoices/next`)) as { invoiceId: number }
      self.issued.push(String(invoiceId))
      if (change !== undefined) await self.rewrite(String(invoiceId), change)
      return String(invoiceId)
    },
    async rewrite(id: string, change: (lines: Lines) => Lines): Promise<void> {
      const lines = (await (await fetch(csvOf(id))).text()).trimEnd().split('\n')
      await fetch(csvOf(id), { method: 'PUT', body: change(lines).join('\n') })
    },
    /** Another invoice of a month, changed. @param month `2026-07` */
    async issueAgain(id: string, month: string, change: (lines: Lines) => Lines): Promise<void> {
      const lines = (await (await fetch(csvOf(id))).text()).trimEnd().split('\n')
      const [usageYear, usageMonth] = month.split('-').map(Number)
      await post(`${world.prism.url}/control/invoices`, {
        usageYear,
        usageMonth,
        csv: change(lines).join('\n'),
      })
    },
    async map(key: string, more: object = {}): Promise<void> {
      const { path, place } = customer(key)
      const body = { ...place, syncEnabled: true, ...more }
      const answer = await api('PUT', `${path}/mapping`, { body })
      expect(answer.ok, `mapping ${key}: ${answer.ok ? '' : await answer.text()}`).toBe(true)
    },
    /** Looks and syncs until nothing is left. */
    async work(): Promise<void> {
      for (let calls = 0; calls < 20; calls += 1) if ((await scheduledCall()).jobsLeft === 0) return
      throw new Error('Jobs are left')
    },
    async sync(key: string): Promise<void> {
      const answer = await api('POST', `${customer(key).path}/sync`)
      expect(answer.ok, `sync of ${key}: ${answer.ok ? '' : await answer.text()}`).toBe(true)
      await settled()
      await self.work()
    },
    /** ConnectWise invoices the agreement's next month. */
    invoice: (key: string) =>
      post(`${world.connectWise.url}/control/agreements/${customer(key).place.agreementId}/invoice`),
    put: (url: string, body: unknown) => post(url, body, 'PUT'),
  }
  return self
}
export type InboxWorld = ReturnType<typeof inboxWorld>
