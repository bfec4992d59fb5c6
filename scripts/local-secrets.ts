/** Secrets of an installation that was given none: made once, and kept in DATA_DIR. */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ProductError } from '#lib/base/errors.ts'

const names = ['SESSION_SECRET', 'ENCRYPTION_KEY', 'CRON_SECRET'] as const
export type Secrets = Record<(typeof names)[number], string>

/** The secrets of the environment; those it lacks come from `secrets.json` in `dataDir`, readable by its owner only. */
export async function localSecrets(
  dataDir: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Secrets> {
  const missing = names.filter((name) => !environment[name])
  const kept: Partial<Secrets> = missing.length > 0 ? await keptOrRefused(dataDir, missing) : {}
  const secrets = names.map((name) => [name, environment[name] || kept[name]])
  return Object.fromEntries(secrets) as Secrets
}

async function keptOrRefused(dataDir: string, missing: readonly string[]): Promise<Secrets> {
  try {
    return await keptSecrets(dataDir)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProductError(
      'environment-invalid',
      `${missing.join(', ')} must be set: secrets of its own cannot be kept in DATA_DIR, ${dataDir} (${reason}).`,
      { cause: error },
    )
  }
}

async function keptSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json')
  const known = await readFile(path, 'utf8').catch(() => undefined)
  if (known) return JSON.parse(known) as Secrets
  await mkdir(dataDir, { recursive: true })
  const fresh = `${path}.${process.pid}`
  const made = Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64')]))
  await writeFile(fresh, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  // link() fails where the file exists: of two launchers that start at once, both use the first one's secrets.
  await link(fresh, path).catch(() => {})
  await rm(fresh)
  return JSON.parse(await readFile(path, 'utf8')) as Secrets
}
