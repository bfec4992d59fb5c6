import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { routeFiles } from '../api/testing/api-world.ts'
import { endpointOf, fileOf, rows } from '../api/testing/contract-of.ts'

vi.mock('next/server', async () => ({ after: (await import('../api/testing/api-world.ts')).after }))

const API = join(import.meta.dirname, '..', 'api')

/** Each method that a route file exports, and the row that it was made by. */
async function served(): Promise<{ readonly endpoint: string; readonly by: unknown }[]> {
  const found = await Promise.all(
    routeFiles.map(async (file) => {
      const exported = (await import(join(API, file, 'route.ts'))) as Record<string, { endpoint?: unknown }>
      return Object.entries(exported)
        .filter(([name]) => /^[A-Z]+$/.test(name))
        .map(([method, handler]) => ({ endpoint: endpointOf(method, file), by: handler.endpoint }))
    }),
  )
  return found.flat()
}

describe('the table of contracts', () => {
  it('has a row for every method of every route file, and a route for every row [J16]', async () => {
    const routes = await served()
    expect(routes.length).toBeGreaterThan(50)
    expect(routes.map(({ endpoint }) => endpoint).sort()).toEqual(rows.map(([endpoint]) => endpoint).sort())
  })

  it('is what each route is made by: no file serves another one’s row [J16]', async () => {
    const others = (await served()).filter(({ endpoint, by }) => endpoint !== by)
    expect(others).toEqual([])
  })

  it('names each parameter of a path, and no other', () => {
    for (const [endpoint, { path = {} }] of rows) {
      const named = [...fileOf(endpoint).matchAll(/\[(\w+)\]/g)].map(([, name]) => name)
      expect(Object.keys(path), endpoint).toEqual(named)
    }
  })

  it('gives each operation a name of its own, and says in a sentence what it does', () => {
    const ids = rows.map(([, { id }]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [endpoint, { does }] of rows) expect(does, endpoint).toMatch(/^[A-Z].{8,150}\.$/)
  })

  it('reads no body of a request that has none', () => {
    const bodies = rows.filter(
      ([endpoint, { body }]) => body !== undefined && /^(GET|DELETE) /.test(endpoint),
    )
    expect(bodies).toEqual([])
  })
})
