/**
 * `npm run bench [name ...]`: runs the benchmarks of bench/, all or the named ones, one after the other and each in a process
 * of its own, and prints one table. The exit code is 1 where a budget is broken.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { basename, join } from 'node:path'
import { root } from './app-build.ts'
import { isBroken, type Row, tableOf } from './bench-table.ts'

const nameOf = (path: string): string => basename(path, '.bench.ts')

async function rowsOf(path: string): Promise<readonly Row[]> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', join(root, 'scripts/bench-one.ts'), join(root, path)],
    {
      cwd: root,
      // Table and nothing else on stdout.
      stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
    },
  )
  let rows: readonly Row[] | null = null
  child.on('message', (message) => {
    rows = message as readonly Row[]
  })
  const code = await new Promise<number | null>((ended) => child.on('close', ended))
  return (
    rows ?? [
      { measure: nameOf(path), ours: Number.NaN, failed: `It ended with ${code} and without figures.` },
    ]
  )
}

const known = globSync('bench/*.bench.ts', { cwd: root }).sort()
const names = process.argv.slice(2)
const unknown = names.filter((name) => !known.some((path) => nameOf(path) === name))
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. There are ${known.map(nameOf).join(', ')}.`)
  process.exit(2)
}

const load = (): string => `${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`
const before = load()
const rows: Row[] = []
for (const path of known.filter((each) => names.length === 0 || names.includes(nameOf(each)))) {
  const started = performance.now()
  rows.push(...(await rowsOf(path)))
  console.error(`${nameOf(path)}: ${((performance.now() - started) / 1000).toFixed(0)} s`)
}

console.log(`Load ${before} before, ${load()} after: on a busy machine only the ratios say something.`)
for (const line of tableOf(rows)) console.log(line)
process.exitCode = rows.some(isBroken) ? 1 : 0
