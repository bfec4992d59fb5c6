import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const reader = fileURLToPath(new URL('testing/serve-largest.ts', import.meta.url))

/** Started with little heap: a server that held what it generates would fall over. */
const heapMb = 64

interface Measured {
  readonly rows: number
  readonly bytes: number
}

it("serves a month's file of 100,000 subscriptions from a heap that could not hold them", async () => {
  const measured = await new Promise<Measured>((resolve, reject) => {
    const child = fork(reader, { execArgv: [`--max-old-space-size=${heapMb}`] })
    child.once('message', (message) => resolve(message as Measured))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
  expect(measured.rows).toBeGreaterThan(80_000)
  expect(measured.bytes / 2 ** 20).toBeGreaterThan(20)
})
