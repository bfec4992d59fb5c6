/** The app on one machine, with its database. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '#db/migrate.ts'
import { buildApp, nextProgram, root } from './app-build.ts'
import { type Child, startChild } from './children.ts'
import { localSecrets } from './local-secrets.ts'
import { requireFreePort } from './ports.ts'
import { startPostgres } from './postgres.ts'

const HEALTHY_WITHIN_MS = 120_000

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
  /** The address to listen on; without it, every address of the machine. */
  host?: string
  output: 'console' | 'file'
  log: (line: string) => void
}

export type RunningApp = {
  appUrl: string
  /** Where it listens on this machine; `appUrl` may be a proxy's. */
  localUrl: string
  databaseUrl: string
  cronSecret: string
  /** Settles, with a sentence, when a part ended by itself. */
  ended: Promise<string>
}

/**
 * Starts the app on a migrated database, the embedded one where the environment names none. What must be stopped goes
 * into `held`.
 */
export async function startApp(options: AppOptions, held: AsyncDisposableStack): Promise<RunningApp> {
  const { dataDir, port, development = false, log } = options
  await requireFreePort(port, 'PORT')
  const secrets = await localSecrets(dataDir, options.environment)
  const databaseUrl = options.environment.DATABASE_URL || (await embeddedDatabase(options, held))
  await migrate(databaseUrl)
  if (!development) await buildApp(log)

  const appUrl = options.environment.APP_URL || `http://localhost:${port}`
  const command = development ? 'dev' : 'start'
  const app = startChild({
    name: 'app',
    script: nextProgram,
    args: [command, root, '--port', String(port), ...(options.host ? ['--hostname', options.host] : [])],
    environment: {
      ...options.environment,
      ...secrets,
      DATABASE_URL: databaseUrl,
      APP_URL: appUrl,
      PORT: String(port),
      NODE_ENV: development ? 'development' : 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    output: await outputOf('app', options),
  })
  held.defer(() => app.stop())
  const localUrl = `http://127.0.0.1:${port}`
  await untilHealthy(app, localUrl)
  return { appUrl, localUrl, databaseUrl, cronSecret: secrets.CRON_SECRET, ended: app.ended }
}

async function embeddedDatabase(options: AppOptions, held: AsyncDisposableStack): Promise<string> {
  const postgres = await startPostgres(options)
  held.defer(() => postgres.stop())
  return postgres.url
}

async function untilHealthy(app: Child, url: string): Promise<void> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS
  let last = 'no answer'
  while (Date.now() < deadline) {
    const ended = await Promise.race([app.ended, sleep(200)])
    if (ended) throw new Error(ended)
    try {
      const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(30_000) })
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
