/** `npm run bench`: runs every benchmark of bench/, one after the other, each in a process of its own. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './app-build.ts'

const benchmarks = globSync('bench/**/*.bench.ts', { cwd: root }).sort()
const failed = benchmarks.filter((path) => {
  console.log(`\n${path}`)
  return (
    spawnSync(process.execPath, ['--expose-gc', join(root, path)], { cwd: root, stdio: 'inherit' }).status !==
    0
  )
})

console.log(
  `\n${benchmarks.length - failed.length} of ${benchmarks.length} benchmarks are within their budgets`,
)
process.exitCode = failed.length > 0 ? 1 : 0
