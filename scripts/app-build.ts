/** Builds the app when its sources changed since the last build. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '..')
export const nextProgram = createRequire(import.meta.url).resolve('next/dist/bin/next')

const sources = [
  '{app,lib,db,public}/**/*',
  '{middleware.ts,next.config.js,package.json,package-lock.json,tsconfig.json}',
]
const stamp = join(root, '.next', 'built-from')

/** Runs `next build` unless the last one was made from the same sources. Throws with what it wrote where it fails. */
export async function buildApp(log: (line: string) => void): Promise<void> {
  const wanted = await sourcesHash()
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return
  log('Building the app ...')
  const environment = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' }
  try {
    await promisify(execFile)(process.execPath, [nextProgram, 'build'], { cwd: root, env: environment })
  } catch (error) {
    const written = error as { stdout?: string; stderr?: string }
    const output = `${written.stdout ?? ''}${written.stderr ?? String(error)}`
    throw new Error(`The app could not be built.\n${output}`, { cause: error })
  }
  await writeFile(stamp, wanted)
}

async function sourcesHash(): Promise<string> {
  const paths: string[] = []
  for await (const entry of glob(sources, { cwd: root, withFileTypes: true })) {
    const isTest = /\.test\.tsx?$/.test(entry.name)
    if (entry.isFile() && !isTest) paths.push(join(entry.parentPath, entry.name))
  }
  const hash = createHash('sha256')
  for (const path of paths.sort())
    hash
      .update(path)
      .update('\0')
      .update(await readFile(path))
      .update('\0')
  return hash.digest('hex')
}
