import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startChild } from './children.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prism-pod-log-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('a log is readable by its owner only, also one from before, which is gone on with [B5]', async () => {
  const script = join(folder, 'says.mjs')
  await writeFile(script, "console.log('hello'); process.disconnect()")
  const old = join(folder, 'old.log')
  await writeFile(old, 'from before\n', { mode: 0o644 })
  for (const output of [old, join(folder, 'new.log')]) {
    await startChild({ name: 'script', script, environment: process.env, output }).ended
    expect((await stat(output)).mode & 0o777, output).toBe(0o600)
    await expect.poll(() => readFile(output, 'utf8')).toMatch(/hello\n$/)
  }
  expect(await readFile(old, 'utf8')).toMatch(/^from before\n/)
})
