import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClock } from '../http/clock.ts'
import { signatureOf } from './callbacks.ts'
import { startConnectWise } from './server.ts'
import { additionsPath, newAddition, tinySeed } from './testing.ts'

interface Received {
  readonly url: string
  readonly signature: string
  readonly text: string
}

/** Somebody who listens for callbacks; answers each with the next of `answers`, then 200. */
async function startListener() {
  const received: Received[] = []
  const answers: number[] = []
  const server = createServer((message: IncomingMessage, response) => {
    let text = ''
    message.on('data', (chunk: Buffer) => (text += chunk.toString()))
    message.on('end', () => {
      received.push({
        url: message.url ?? '',
        signature: String(message.headers['x-content-signature']),
        text,
      })
      response.writeHead(answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { received, answers, url: `http://127.0.0.1:${port}/hook?recordId=`, close: () => server.close() }
}

let listener: Awaited<ReturnType<typeof startListener>>
let connectWise: Awaited<ReturnType<typeof startConnectWise>>
const clock = createClock('2026-09-15')
beforeEach(async () => {
  clock.set('2026-09-15')
  listener = await startListener()
  connectWise = await startConnectWise({
    seed: tinySeed(),
    clock,
    callbackTiming: { waits: [5, 5], timeoutMs: 500 },
  })
})
afterEach(async () => {
  listener.close()
  await connectWise.close()
})

const headers = {
  authorization: `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`,
  clientid: 'any',
  'content-type': 'application/json',
}
async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${connectWise.url}/v2025_1/apis/3.0/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}
const register = (more: Record<string, unknown> = {}) =>
  call('POST', 'system/callbacks', {
    url: listener.url,
    objectId: 1,
    type: 'Agreement',
    level: 'Owner',
    ...more,
  })
const settled = async () => {
  await expect
    .poll(() => connectWise.callbacks.deliveries.filter(({ state }) => state === 'sending'))
    .toEqual([])
  return connectWise.callbacks.deliveries
}
const rename = (name: string) => [{ op: 'replace', path: 'name', value: name }]

describe('callbacks', () => {
  it('post what changed, with id and action at the end of the address', async () => {
    await register()
    await call('PATCH', 'finance/agreements/30', rename('Renamed'))
    await settled()
    expect(listener.received.map(({ url }) => url)).toEqual(['/hook?recordId=30&action=updated'])
    const payload = JSON.parse(listener.received[0]?.text ?? '')
    expect(payload).toMatchObject({
      Action: 'updated',
      CompanyId: 'acme',
      ID: 30,
      Type: 'Agreement',
      MemberId: 'pub',
    })
    expect(JSON.parse(payload.Entity)).toMatchObject({ id: 30, name: 'Renamed' })
  })

  it('are signed with the key that key_url tells', async () => {
    await register()
    await call('PATCH', 'finance/agreements/30', rename('Renamed'))
    await settled()
    const { text, signature } = listener.received[0] as Received
    const { Metadata } = JSON.parse(text)
    const { signing_key } = (await (await fetch(Metadata.key_url)).json()) as { signing_key: string }
    expect(signature).toBe(signatureOf(text, signing_key))
    expect(signature).not.toBe(signatureOf(`${text} `, signing_key))
  })

  it('tell additions as changes of their agreement, and companies to who asked for companies only', async () => {
    await register()
    await call('POST', additionsPath, newAddition())
    await call('PATCH', 'company/companies/10', rename('Wingtip Toys Ltd'))
    expect((await settled()).map(({ type, action, recordId }) => [type, action, recordId])).toEqual([
      ['Agreement', 'updated', 30],
    ])
  })

  it('of a level of its own are about that record only, and self-suppressed ones stay silent', async () => {
    await register({ level: 'Agreement', objectId: 4711 })
    await register({ level: 'Agreement', objectId: 30, isSelfSuppressedFlag: true })
    await call('PATCH', 'finance/agreements/30', rename('Renamed'))
    expect(await settled()).toEqual([])
  })

  it('are tried three times, and one success is enough', async () => {
    await register()
    listener.answers.push(500, 503)
    await call('PATCH', 'finance/agreements/30', rename('Renamed'))
    expect(await settled()).toMatchObject([{ state: 'delivered', tries: [500, 503, 200] }])
  })

  it('are switched off after failing on three days, not on one', async () => {
    const { body } = await register()
    for (const day of ['2026-09-15', '2026-09-15', '2026-09-16', '2026-09-17']) {
      expect((await call('GET', `system/callbacks/${body.id}`)).body.inactiveFlag).toBe(false)
      clock.set(day)
      listener.answers.push(500, 500, 500)
      await call('PATCH', 'finance/agreements/30', rename(`Renamed on ${day}`))
      await settled()
    }
    expect((await call('GET', `system/callbacks/${body.id}`)).body.inactiveFlag).toBe(true)
    await call('PATCH', 'finance/agreements/30', rename('Unheard'))
    expect(await settled()).toHaveLength(4)
  })

  it('never leave this machine', async () => {
    await register({ url: 'https://elsewhere.example/hook?recordId=' })
    await call('PATCH', 'finance/agreements/30', rename('Renamed'))
    expect(await settled()).toMatchObject([{ state: 'not sent' }])
  })

  it('cannot be registered twice', async () => {
    await register()
    expect(await register()).toMatchObject({
      status: 400,
      body: {
        code: 'InvalidObject',
        message: 'callbackEntry object is invalid',
        errors: [{ code: 'ObjectExists', message: 'A matching callback entry already exists' }],
      },
    })
    expect((await register({ type: 'Company' })).status).toBe(201)
  })
})
