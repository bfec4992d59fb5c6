import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { notePeers, peerOf } from './peers.ts'

const held = globalThis as { prismPodPeerHeader?: string }
afterEach(() => {
  delete held.prismPodPeerHeader
})

it('a request carries the address of its connection, whatever else it says [B6]', async () => {
  expect(peerOf(new Headers({ 'x-forwarded-for': '198.51.100.1' }))).toBeNull()
  notePeers()
  const header = held.prismPodPeerHeader ?? ''
  notePeers()
  expect(held.prismPodPeerHeader).toBe(header)
  const server = createServer(({ headers }, answer) => {
    answer.end(peerOf(new Headers(headers as Record<string, string>)))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // Even somebody who knew the name would be overwritten.
  for (const headers of [{}, { 'x-forwarded-for': '198.51.100.1' }, { [header]: '198.51.100.1' }])
    expect(await (await fetch(url, { headers })).text()).toBe('127.0.0.1')
  await new Promise((closed) => server.close(closed))
})
