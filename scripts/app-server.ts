/** The app on one machine, with its database. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { buildApp, nextProgram, root } from './app-build.ts'
import { type Child, startChild } from './children.ts'
import { completeEnvironment, readComplete } from './deployment.ts'
import { requireFreePort } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { oddities, prepareDatabase, whereItListens } from './start-checks.ts'

const HEALTHY_WITHIN_MS = 120_000
const frontDoor = pathToFileURL(join(import.meta.dirname, 'front-door.ts')).href

type AppOptions = {
  dataDir: string
  port: number
  /** What the environment lacks is set by the launcher: address, secrets, database. */
  environment: NodeJS.ProcessEnv
  /** `next dev` instead of the built app. */
  development?: boolean
  /** A database for one test run. */
  temporary?: boolean
  /** Start with an empty embedded database. */
  emptyDatabase?: boolean
  output: 'console' | 'file'
  log: (line: string) => void
}

export type RunningApp = {
  appUrl: string
  /** Where it listens on this machine; `appUrl` may be a proxy's. */
  localUrl: string
  databaseUrl: string
  cronSecret: string
  /** Where it listens, in a sentence. */
  listens: string
  /** Settles, with a sentence, when a part ended by itself. */
  ended: Promise<string>
}

/**
 * Starts the app on a migrated database, the embedded one where the environment names none. What must be stopped goes
 * into `held`. Throws, before anything is started, where the environment is wrong.
 */
export async function startApp(options: AppOptions, held: AsyncDisposableStack): Promise<RunningApp> {
  const { port, development = false, log } = options
  const environment = await completeEnvironment(options)
  const read = readComplete(environment)
  const { listen, databaseUrl } = read
  await requireFreePort(port, 'PORT')
  const isEmbedded = !environment.DATABASE_URL
  const url = isEmbedded ? await embeddedDatabase(options, held) : databaseUrl.reveal()
  const own = isEmbedded ? url : read.unpooledDatabaseUrl.reveal()
  await prepareDatabase(own, read)
  if (!development) await buildApp(log)

  const app = startChild({
    name: 'app',
    script: nextProgram,
    // `next dev` restarts itself in another process, and its own page speaks WebSocket.
    ...(development ? {} : { preload: frontDoor }),
    args: [development ? 'dev' : 'start', root, '--port', String(port), '--hostname', listen],
    environment: {
      ...environment,
      DATABASE_URL: url,
      EMBEDDED_DATABASE: isEmbedded ? 'on' : 'off',
      NODE_ENV: development ? 'development' : 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    output: await outputOf('app', options),
  })
  held.defer(() => app.stop())
  const localUrl = `http://${localHost(listen)}:${port}`
  await untilHealthy(app, localUrl)
  const { APP_URL: appUrl, CRON_SECRET: cronSecret } = environment
  for (const each of await oddities(own, { ...read, embeddedDatabase: isEmbedded })) log(each)
  return { appUrl, localUrl, databaseUrl: own, cronSecret, listens: whereItListens(read), ended: app.ended }
}

/** How this machine reaches what listens there; nothing can be sent to "every address". */
function localHost(listen: string): string {
  if (listen === '0.0.0.0') return '127.0.0.1'
  if (listen === '::') return '[::1]'
  return listen.includes(':') ? `[${listen}]` : listen
}

async function embeddedDatabase(options: AppOptions, held: AsyncDisposableStack): Promise<string> {
  const postgres = await startPostgres({ ...options, keptRunning: true })
  held.defer(() => postgres.stop())
  return postgres.appUrl
}

async function untilHealthy(app: Child, url: string): Promise<void> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS
  let last = 'no answer'
  while (Date.now() < deadline) {
    const ended = await Promise.race([app.ended, sleep(200)])
    if (ended) throw new Error(ended)
    try {
      const answer = await fetch(`${url}/api/health?of=database`, { signal: AbortSignal.timeout(30_000) })
      if (answer.ok) return
      last = `${answer.status} ${(await answer.text()).slice(0, 500)}`
    } catch {
      // Not listening yet.
    }
  }
  throw new Error(`The app is not healthy after ${HEALTHY_WITHIN_MS / 1000} s: ${last}`)
}

/** Where a child's output goes: the console, or a log file in DATA_DIR. */
export async function outputOf(
  name: string,
  { output, dataDir }: Pick<AppOptions, 'output' | 'dataDir'>,
): Promise<string> {
  if (output === 'console') return 'console'
  const folder = join(dataDir, 'logs')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${name}.log`)
}
