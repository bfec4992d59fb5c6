import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTicker } from './ticker.ts'

let held: AsyncDisposableStack
beforeEach(() => {
  held = new AsyncDisposableStack()
})
afterEach(() => held.disposeAsync())

type Answer = (response: ServerResponse) => void

/** An app that answers its calls one after the other as listed, and the last way from then on. */
async function appThat(...answers: Answer[]) {
  const calls = { count: 0, atOnce: 0, mostAtOnce: 0 }
  const server = createServer((request, response) => {
    const answer = answers[Math.min(calls.count, answers.length - 1)]
    calls.count += request.headers.authorization === 'Bearer secret' ? 1 : 0
    calls.atOnce += 1
    calls.mostAtOnce = Math.max(calls.mostAtOnce, calls.atOnce)
    response.once('close', () => {
      calls.atOnce -= 1
    })
    answer?.(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise((resolve) => server.close(resolve))
  held.defer(async () => {
    server.closeAllConnections()
    await close()
  })
  return { calls, server, localUrl: `http://127.0.0.1:${port}` }
}

const good: Answer = (response) => response.end('{}')
const problem =
  (status: number, code: string, detail: string): Answer =>
  (response) => {
    response.statusCode = status
    response.end(JSON.stringify({ code, detail }))
  }
const away = (since: string) => problem(503, 'database-unreachable', `Away since ${since}.`)

const startAt = (localUrl: string) => {
  const lines: string[] = []
  const ticker = held.use(startTicker({ localUrl, cronSecret: 'secret' }, 0.02, (line) => lines.push(line)))
  return { lines, stop: () => ticker[Symbol.dispose]() }
}

it('goes on after calls that fail, and tells each state once', async () => {
  const page: Answer = (response) => {
    response.statusCode = 502
    response.end('<html>')
  }
  const cut: Answer = (response) => response.destroy()
  const app = await appThat(good, away('10:00'), away('10:01'), away('10:02'), page, cut, cut, good)
  const { lines } = startAt(app.localUrl)
  await expect.poll(() => app.calls.count).toBeGreaterThan(10)
  expect(lines).toEqual([
    'The scheduled call failed: Away since 10:00. It is tried again every 0.02 s.',
    'The scheduled call failed: status 502. It is tried again every 0.02 s.',
    expect.stringMatching(/^The scheduled call failed: the app does not answer \(\w+\)\. /),
    'The scheduled call works again.',
  ])
})

it('never calls while a call is under way, and not again once it is disposed of', async () => {
  const slow: Answer = (response) => setTimeout(() => response.end('{}'), 100)
  const app = await appThat(slow)
  const { stop } = startAt(app.localUrl)
  await expect.poll(() => app.calls.count).toBeGreaterThan(2)
  stop()
  const { count } = app.calls
  await sleep(200)
  expect(app.calls).toMatchObject({ count, mostAtOnce: 1 })
})

it('lives through an app that is not there', async () => {
  const app = await appThat(good)
  await new Promise((resolve) => app.server.close(resolve))
  const { lines } = startAt(app.localUrl)
  await expect.poll(() => lines).toEqual([expect.stringContaining('(ECONNREFUSED)')])
})
