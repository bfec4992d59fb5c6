/** `npm run check`: everything that can be said about the sources without running them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './app-build.ts'

const steps: [name: string, program: string, ...args: string[]][] = [
  // Writes the declarations that tsc needs for routes and CSS modules.
  ['route types', 'next/dist/bin/next', 'typegen'],
  ['format', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['lint', 'oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  ['types', 'typescript/bin/tsc', '--noEmit', '--project', '.'],
  ['dead code', 'knip/bin/knip.js'],
  ['tidy', 'vitest/vitest.mjs', 'run', '--project=pure', 'tidy.test.ts', 'docs/docs.test.ts'],
]

const failed: string[] = []
for (const [name, program, ...args] of steps) {
  const started = performance.now()
  const script = join(root, 'node_modules', program)
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
  const result = spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8', env })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const ok = result.status === 0
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${seconds} s`)
  if (!ok) {
    failed.push(name)
    console.log(`${result.stdout}${result.stderr}`.trimEnd())
  }
}

if (failed.length > 0) console.error(`Check failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
