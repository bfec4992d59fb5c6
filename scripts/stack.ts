/** The whole system on one machine, for demo, development and browser tests: the app against the stand-ins. */
import { join } from 'node:path'
import { prismPod } from '#standin/data/index.ts'
import { root } from './app-build.ts'
import { outputOf, type RunningApp, startApp } from './app-server.ts'
import { type Child, startChild } from './children.ts'
import { setUpDemo } from './demo-setup.ts'
import { requireFreePort } from './ports.ts'
import { startTicker } from './ticker.ts'

export type StackOptions = {
  dataDir: string
  ports: { app: number; connectWise: number; prism: number }
  development?: boolean
  temporary?: boolean
  /** Call the cron route that often, once the demo is set up; without it, only others call it. */
  tickSeconds?: number
  /** The demo has customers with terms of all motions, and annual invoices, too. */
  withAnnual?: boolean
  /** An invoice with a credit waits for a person. */
  heldCredit?: boolean
  output: 'console' | 'file'
  log: (line: string) => void
}

export type Stack = RunningApp & {
  connectWiseUrl: string
  prismUrl: string
  owner: { email: string; password: string }
}

const owner = { email: 'owner@demo.example', password: 'demo-owner-password' }

/** Starts the app against the stand-ins and sets it up through its own API, as a person would. */
export async function startStack(options: StackOptions, held: AsyncDisposableStack): Promise<Stack> {
  const { ports, log } = options
  const standins = await startStandins(options, held)
  const connectWiseUrl = `http://127.0.0.1:${ports.connectWise}`
  const prismUrl = `http://127.0.0.1:${ports.prism}`
  const hosts = [ports.connectWise, ports.prism].flatMap((port) => [`127.0.0.1:${port}`, `localhost:${port}`])
  const app = await startApp(
    {
      ...options,
      port: ports.app,
      // The stand-ins keep nothing either, so that both sides always begin with the same invented world.
      emptyDatabase: true,
      environment: {
        ...process.env,
        LISTEN: '127.0.0.1',
        APP_URL: `http://localhost:${ports.app}`,
        TRUSTED_HOSTS: hosts.join(','),
        PRISM_API_URL: prismUrl,
        PRISM_IDENTITY_URL: prismUrl,
        // The stand-in sets no limit, and nobody wants to wait for a demo.
        CONNECTWISE_REQUESTS_PER_MINUTE: '100000',
        CONNECTWISE_CLIENT_ID: 'd3b07384-d113-4ec6-a7a5-2f0c2a1b9f10',
        PRISM_SIGN_IN_CLIENT_ID: prismPod.clientId,
        PRISM_SIGN_IN_CLIENT_SECRET: prismPod.clientSecret,
        OWNER_EMAIL: owner.email,
        OWNER_PASSWORD: owner.password,
      },
    },
    held,
  )
  log('Setting the demo up through the API ...')
  const { withAnnual = false, heldCredit = false } = options
  await setUpDemo({ ...app, connectWiseUrl, prismUrl, ...owner, withAnnual, heldCredit, log })
  if (options.tickSeconds !== undefined) held.use(startTicker(app, options.tickSeconds, log))
  return { ...app, connectWiseUrl, prismUrl, owner, ended: Promise.race([app.ended, standins.ended]) }
}

async function startStandins(options: StackOptions, held: AsyncDisposableStack): Promise<Child> {
  const { ports } = options
  await requireFreePort(ports.connectWise, 'CONNECTWISE_STANDIN_PORT')
  await requireFreePort(ports.prism, 'PRISM_STANDIN_PORT')
  const standins = startChild({
    name: 'stand-ins',
    script: join(root, 'standin', 'main.ts'),
    args: options.withAnnual === true ? ['--motions'] : [],
    environment: {
      ...process.env,
      CONNECTWISE_STANDIN_PORT: String(ports.connectWise),
      PRISM_STANDIN_PORT: String(ports.prism),
      // Where the host screen's frames point to.
      APP_URL: `http://localhost:${ports.app}`,
    },
    output: await outputOf('stand-ins', options),
  })
  held.defer(() => standins.stop())
  await standins.saysLine((line) => line.includes('ready'))
  return standins
}
