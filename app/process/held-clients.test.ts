import { describe, expect, it } from 'vitest'
import { holdClients } from './held-clients.ts'

const made: object[] = []
const make = () => {
  const client = {}
  made.push(client)
  return client
}

describe('a connection has one client in a process', () => {
  it('while its credentials stay, and a new one at once where they change [docs/applying.md]', () => {
    const held = holdClients<object>()
    const first = held.of('a', 'key 1', make)
    expect(held.of('a', 'key 1', make)).toBe(first)
    expect(held.of('b', 'key 1', make)).not.toBe(first)
    const second = held.of('a', 'key 2', make)
    expect(second).not.toBe(first)
    expect(held.of('a', 'key 2', make)).toBe(second)
    expect(held.of('a', 'key 1', make)).not.toBe(first)
  })

  it('and those used longest ago are let go of where there are too many', () => {
    const held = holdClients<object>(2)
    const [a, b] = [held.of('a', '', make), held.of('b', '', make)]
    expect(held.of('a', '', make)).toBe(a)
    held.of('c', '', make)
    expect(held.of('a', '', make)).toBe(a)
    expect(held.of('b', '', make)).not.toBe(b)
  })
})
