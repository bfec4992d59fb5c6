/** The deployment on this machine, as `npm start` runs it: its environment and its database, also for the operator's commands. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Environment, readEnv, trimmedEnvironment } from '#lib/base/env.ts'
import { ProductError } from '#lib/base/errors.ts'
import { root } from './app-build.ts'
import { localSecrets, type Secrets } from './local-secrets.ts'
import { startPostgres } from './postgres.ts'

/** Takes `.env` in, where there is one; what is set already stays. */
export function loadDotEnv(): void {
  const file = join(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

export const dataDirOf = (environment: NodeJS.ProcessEnv): string =>
  environment['DATA_DIR']?.trim() || join(root, '.data')

interface Given {
  readonly dataDir: string
  readonly port: number
  readonly environment: NodeJS.ProcessEnv
}

export type Complete = Secrets & { APP_URL: string; PORT: string; DATABASE_URL?: string }

/** The given environment, trimmed, with what it lacks: address, port, secrets. */
export async function completeEnvironment({ dataDir, port, environment }: Given): Promise<Complete> {
  const given = trimmedEnvironment(environment)
  const secrets = await localSecrets(dataDir, given)
  return { ...given, ...secrets, APP_URL: given.APP_URL ?? `http://localhost:${port}`, PORT: String(port) }
}

/** Any good one: what it really is, is known once it was started. */
const EMBEDDED = 'postgres://embedded/embedded'

/** Whatever database it will have. Throws `environment-invalid`. */
export const readComplete = (environment: Complete): Environment =>
  readEnv({ ...environment, DATABASE_URL: environment.DATABASE_URL ?? EMBEDDED })

interface Deployment {
  readonly databaseUrl: string
  readonly environment: Environment
}

/**
 * What a command of the operator does with this deployment: reads `.env`, starts the embedded PostgreSQL where it is the one and
 * does not run, and stops it again. An operating error ends the process with its sentence and code 1.
 */
export async function asOperator(work: (deployment: Deployment) => Promise<void>): Promise<void> {
  loadDotEnv()
  const dataDir = dataDirOf(process.env)
  const held = new AsyncDisposableStack()
  try {
    const complete = await completeEnvironment({ dataDir, port: 3000, environment: process.env })
    const environment = readComplete(complete)
    if (complete.DATABASE_URL)
      await work({ databaseUrl: environment.unpooledDatabaseUrl.reveal(), environment })
    else {
      const postgres = await startPostgres({ dataDir, log: console.log })
      held.defer(() => postgres.stop())
      await work({ databaseUrl: postgres.appUrl, environment })
    }
  } catch (error) {
    if (!(error instanceof ProductError)) throw error
    console.error(error.detail)
    process.exitCode = 1
  } finally {
    await held.disposeAsync()
  }
}
