/** A script of ours as somebody starts it from a command line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from '@playwright/test'
import { root } from '../../scripts/app-build.ts'

/** Without any variable of ours: what is given, and what every process has. */
export const environment = (more: Record<string, string>): NodeJS.ProcessEnv => {
  const kept = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR'].map((name) => [name, process.env[name]])
  return { ...Object.fromEntries(kept), NODE_ENV: 'production', ...more }
}

export interface Started {
  readonly child: ChildProcess
  readonly said: () => string
  readonly url: string
  /** Waits until it has printed the text; fails at once where it ended instead. */
  says(text: string): Promise<void>
  /** @returns its exit code */
  stop(): Promise<number | null>
}

/** `more` has its `PORT`. */
export function launchScript(script: string, more: Record<string, string>): Started {
  const child = spawn(process.execPath, [script], { cwd: root, env: environment(more) })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (said += String(part)))
  return {
    child,
    said: () => said,
    url: `http://127.0.0.1:${more['PORT']}`,
    async says(text) {
      await expect.poll(() => said.includes(text) || child.exitCode !== null, { timeout: 150_000 }).toBe(true)
      expect(said).toContain(text)
    },
    async stop() {
      if (child.exitCode !== null) return child.exitCode
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
  }
}
