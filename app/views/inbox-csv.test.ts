/** The to-do list as a file: a page has the first items of each cause, and the file has all of them (J1). */
import { expect, it, vi } from 'vitest'
import type { Principal } from '#lib/auth/actions.ts'
import { inboxLines } from './inbox-csv.ts'

interface Asked {
  readonly cause?: string
  readonly kind?: string
  readonly page: number
}

const item = (key: string) => ({
  of: {
    tenant: { id: key, name: key },
    company: null,
    agreement: null,
    subscription: null,
    named: null,
    person: null,
  },
  months: null,
  money: { amount: '12.5', per: 'once' },
  since: '2026-11-01T00:00:00.000Z',
  says: `${key} waits`,
  detail: '',
  remedy: '',
})
const keysOf = (cause: string, count: number) => Array.from({ length: count }, (_, at) => `${cause}-${at}`)
const counts: Readonly<Record<string, number>> = { large: 120, small: 2, last: 1 }

vi.mock('./inbox.ts', () => ({
  shownInbox: (_: unknown, { cause, page }: Asked) => {
    const group = (name: string, from: number, to: number) => ({
      kind: 'failed',
      cause: name,
      says: name,
      ifNothing: '',
      isDecided: false,
      count: counts[name],
      items: keysOf(name, counts[name] ?? 0)
        .slice(from, to)
        .map(item),
    })
    const names = ['large', 'small', 'last'].slice((page - 1) * 2, page * 2)
    return Promise.resolve(
      cause === undefined
        ? { groups: names.map((name) => group(name, 0, 3)), total: 3, pageSize: 2 }
        : { groups: [group(cause, (page - 1) * 50, page * 50)], total: counts[cause], pageSize: 50 },
    )
  },
}))

it('has every item of every cause once, however many pages of causes and of items there are [J1]', async () => {
  const rows: (readonly string[])[] = []
  for await (const row of await inboxLines({} as Principal, { program: 'microsoft-csp' })) rows.push(row)
  const [head, ...items] = rows
  expect(head?.slice(0, 2)).toEqual(['Cause', 'Customer'])
  expect(items.map(([, customer]) => customer)).toEqual([
    ...keysOf('large', 120),
    ...keysOf('small', 2),
    ...keysOf('last', 1),
  ])
  expect(items[0]?.slice(7, 9)).toEqual(['12.50', 'once'])
})
