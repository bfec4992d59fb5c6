import { afterEach, beforeEach, expect, it } from 'vitest'
import { readTrustedProxy } from '#lib/base/caller-address.ts'
import { notePeers } from './peers.ts'
import { requestIdOf } from './request-id.ts'

const held = globalThis as { prismPodPeerHeader?: string }
beforeEach(() => notePeers())
afterEach(() => {
  delete held.prismPodPeerHeader
})

const given = 'name-of-the-proxy'
const named = (trust: string | null, peer: string, id = given): string =>
  requestIdOf(
    new Headers({ 'x-request-id': id, 'x-forwarded-for': '10.0.0.9', [held.prismPodPeerHeader ?? '']: peer }),
    { trustedProxy: trust === null ? null : readTrustedProxy(trust) },
  )

it.each([
  ['nobody is trusted', null, '10.0.0.9', false],
  ['the connection is the trusted proxy’s', '10.0.0.0/8', '10.0.0.9', true],
  ['it is written as IPv6', '10.0.0.0/8', '::ffff:10.0.0.9', true],
  ['the connection is another’s, whatever it says of itself', '10.0.0.0/8', '198.51.100.1', false],
  ['it is not known whose it is', '10.0.0.0/8', '', false],
  ['there is always one proxy in front', '1', '198.51.100.1', true],
])('where %s, a request’s name is believed or made anew', (_, trust, peer, isBelieved) => {
  const id = named(trust, peer)
  if (isBelieved) expect(id).toBe(given)
  else expect(id).toMatch(/^[0-9a-f]{20}$/)
})

it('a name that could pass for a job’s or break a line is made anew, whoever gave it', () => {
  for (const id of ['name/of-a-job', 'with space', 'short'])
    expect(named('1', '10.0.0.9', id)).toMatch(/^[0-9a-f]{20}$/)
})
