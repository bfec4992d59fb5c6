/** Hostile answers in small: what is beyond a limit fails with its own sentence, and its connection is closed at once. */
import { createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGuard, type Guard } from './guarded-fetch.ts'
import { type Limits, OverLimit, tooLarge, tooSilent, tooSlow } from './limits.ts'

const KB = 1024
const MB = 1024 * KB
/** What the server says on a connection, in raw bytes. */
type Speech = (socket: Socket) => void | Promise<void>

let speech: Speech = () => {}
let closed: Promise<number>
let sent = 0
const server = createServer((socket) => {
  const started = performance.now()
  sent = 0
  closed = new Promise((resolve) => socket.once('close', () => resolve(performance.now() - started)))
  socket.on('error', () => {})
  socket.once('data', () => void speech(socket))
})
let guard: Guard
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  guard = createGuard({ trustedHosts: new Set([host]) })
  url = `http://${host}`
})
afterAll(() => void server.close())

async function ask(says: Speech, limits: Partial<Limits>): Promise<string | Error> {
  speech = says
  return guard.fetch(url, { limits }).then(
    (response) => response.text().catch((error: Error) => error),
    (error: Error) => error,
  )
}

const head = (...headers: string[]) =>
  `HTTP/1.1 200 OK\r\n${headers.map((each) => `${each}\r\n`).join('')}\r\n`

/** Writes a body of so many bytes until nobody takes it any more. */
const body =
  (bytes: number, ...headers: string[]): Speech =>
  async (socket) => {
    socket.write(head(...headers))
    const part = Buffer.alloc(64 * KB, 'x')
    for (; sent < bytes && !socket.destroyed; sent += part.length)
      if (!socket.write(part))
        await Promise.race([wait(1_000), new Promise((done) => socket.once('drain', done))])
    socket.end()
  }

const says = (answer: string | Error): string => (answer instanceof OverLimit ? answer.says : String(answer))

describe('an answer that is too large', () => {
  it('is given up, and its connection closed', async () => {
    expect(says(await ask(body(64 * MB, 'connection: close'), { mostBytes: MB }))).toBe('is larger than 1 MB')
    await closed
    // What the two sides' sockets hold comes on top.
    expect(sent).toBeLessThan(16 * MB)
  })

  it('is given up before it comes where it names its length', async () => {
    const announced = (socket: Socket) => void socket.write(head('content-length: 5242880'))
    expect(says(await ask(announced, { mostBytes: MB }))).toBe('is larger than 1 MB')
    await closed
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('when it is opened (%s) is given up, however small it comes', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(5 * MB))
    const headers = head(
      'connection: close',
      `content-encoding: ${encoding}`,
      `content-length: ${bomb.length}`,
    )
    const answer = (socket: Socket) => void socket.write(Buffer.concat([Buffer.from(headers), bomb]))
    expect(bomb.length).toBeLessThan(10 * KB)
    expect(says(await ask(answer, { mostBytes: MB }))).toBe('is larger than 1 MB')
    expect(String(await ask(answer, { mostBytes: 5 * MB })).length).toBe(5 * MB)
  })

  it('is one that has a byte more, and none less', async () => {
    const exactly = (bytes: number) => (socket: Socket) => void socket.end(head() + 'x'.repeat(bytes))
    expect(await ask(exactly(1_000), { mostBytes: 1_000 })).toHaveLength(1_000)
    expect(says(await ask(exactly(1_001), { mostBytes: 1_000 }))).toBe('is larger than 1000 bytes')
  })
})

describe('an answer that takes too long', () => {
  /** A byte every few milliseconds, so that the connection is never idle. */
  const trickle =
    (first: string, part: string): Speech =>
    async (socket) => {
      socket.write(first)
      while (!socket.destroyed) {
        socket.write(part)
        await wait(10)
      }
    }
  it.each<[string, Speech]>([
    ['is silent', () => {}],
    ['trickles its status', trickle('', 'H')],
    ['trickles headers without an end', trickle('HTTP/1.1 200 OK\r\n', 'a: b\r\n')],
    ['trickles a body', trickle(head('connection: close'), 'x')],
    ['says that it goes on, again and again', trickle('', 'HTTP/1.1 102 Processing\r\n\r\n')],
  ])('because it %s ends after its time as a whole', async (what, slow) => {
    const answer = await ask(slow, { timeoutMs: 200 })
    if (what !== 'trickles its status') expect(says(answer)).toBe('did not come within 200 ms')
    expect(answer).toBeInstanceOf(Error)
    expect(await closed).toBeLessThan(1_000)
  })

  it('fails where its headers are too long', async () => {
    const endless: Speech = (socket) => void socket.write(`HTTP/1.1 200 OK\r\na: ${'b'.repeat(100 * KB)}`)
    expect(await ask(endless, {})).toMatchObject({ code: 'HPE_HEADER_OVERFLOW' })
    await closed
  })

  it('may be a file that comes slowly, but not one that stops coming', async () => {
    const file: Speech = async (socket) => {
      socket.write(head('connection: close'))
      for (let part = 0; part < 6; part += 1) {
        socket.write('x')
        await wait(40)
      }
    }
    expect(says(await ask(file, { timeoutMs: 5_000, silenceMs: 150 }))).toBe('stopped coming for 150 ms')
    expect(await closed).toBeGreaterThan(300)
  })

  it('is not one whose reader takes its time', async () => {
    speech = body(2 * MB, 'connection: close')
    const response = await guard.fetch(url, { limits: { timeoutMs: 5_000, silenceMs: 100 } })
    await wait(300)
    expect((await response.text()).length).toBe(2 * MB)
  })

  it('ends also where nobody reads it', async () => {
    speech = trickle(head('connection: close'), 'x')
    await guard.fetch(url, { limits: { timeoutMs: 100 } })
    expect(await closed).toBeLessThan(1_000)
  })
})

describe('an answer that is none', () => {
  it.each([
    ['a status that cannot be', 'HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n'],
    ['an encoding that is not understood', `${head('content-encoding: odd')}x`],
    ['compressed bytes that are none', `${head('content-encoding: gzip', 'content-length: 3')}abc`],
  ])('%s fails, and nothing else does', async (_what, text) => {
    expect(await ask((socket) => void socket.write(text), {})).toBeInstanceOf(Error)
  })
})

it('says what was too much in words', () => {
  const of = ({ says: words }: OverLimit) => words
  expect([of(tooLarge('x', 64 * MB)), of(tooLarge('x', 1024 * MB)), of(tooSlow('x', 20_000))]).toEqual([
    'is larger than 64 MB',
    'is larger than 1 GB',
    'did not come within 20 s',
  ])
  expect([of(tooSlow('x', 600_000)), of(tooSlow('x', 7_340)), of(tooSilent('x', 60_000))]).toEqual([
    'did not come within 10 minutes',
    'did not come within 7.3 s',
    'stopped coming for 60 s',
  ])
})
