import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:https'
import { afterEach, expect, it } from 'vitest'

let running: ChildProcess | undefined
afterEach(async () => {
  if (running?.exitCode !== null) return
  running.kill('SIGTERM')
  await once(running, 'exit')
})

interface Ready {
  readonly connectWise: string
  readonly prism: string
}

/** Starts the stand-ins on free ports. Resolves to the addresses that they print. */
async function start(...options: string[]): Promise<Ready> {
  const env = { ...process.env, CONNECTWISE_STANDIN_PORT: '0', PRISM_STANDIN_PORT: '0' }
  const child = spawn(process.execPath, [`${import.meta.dirname}/main.ts`, ...options], { env })
  running = child
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += String(chunk)
    if (printed.includes('\n')) break
  }
  return JSON.parse(printed) as Ready
}

/** Asks an address with a certificate that nobody has signed. */
async function askUnsigned(address: string): Promise<string> {
  const asked = request(address, { rejectUnauthorized: false }).end()
  const [response] = (await once(asked, 'response')) as [AsyncIterable<Buffer>]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return body
}

it('speaks https where it is asked to, ConnectWise alone', async () => {
  const { connectWise, prism } = await start(
    '--https',
    '--tenants',
    '2',
    '--subscriptions',
    '2',
    '--products',
    '3',
  )
  expect(new URL(connectWise).protocol).toBe('https:')
  expect(new URL(prism).protocol).toBe('http:')
  expect(JSON.parse(await askUnsigned(`${connectWise}/login/companyinfo/nobody`))).toBeNull()
})
