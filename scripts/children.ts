/** Processes that a launcher starts: they end with it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, fchmodSync, openSync, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const STOP_GRACE_MS = 5_000
const LINES_KEPT = 20
const endWithLauncher = pathToFileURL(`${import.meta.dirname}/end-with-launcher.mjs`).href

type ChildOptions = {
  /** How messages and lines of output call it. */
  name: string
  script: string
  args?: string[]
  /** A module that is loaded before the script. */
  preload?: string
  environment: NodeJS.ProcessEnv
  /** Where its output goes: our own console, or the path of a file. */
  output: 'console' | (string & {})
}

export type Child = {
  name: string
  /** Waits for a line of output; throws where the process ends first, with what it wrote last. */
  saysLine(test: (line: string) => boolean): Promise<void>
  /** Settles when the process has ended, with a sentence that says so and what it wrote last. */
  ended: Promise<string>
  stop(): Promise<void>
}

/** Starts a script in a process of its own, with the runtime that runs us. */
export function startChild(options: ChildOptions): Child {
  const { name, script, args = [], preload, environment, output } = options
  const child = fork(script, args, {
    env: output === 'console' ? environment : { ...environment, NO_COLOR: '1' },
    execArgv: ['--import', endWithLauncher, ...(preload === undefined ? [] : ['--import', preload])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C reaches only the launcher, which then stops everything in order.
    detached: process.platform !== 'win32',
  })
  const lines = followOutput(child, name, output)
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve([`The ${name} ended (${signal ?? `exit code ${code}`}).`, ...lines.recent].join('\n  '))
    })
  })
  return { name, ended, saysLine: (test) => lineOrEnd(lines, test, ended), stop: () => stop(child) }
}

type Lines = { recent: string[]; onLine: Set<(line: string) => void> }

function followOutput(child: ChildProcess, name: string, output: ChildOptions['output']): Lines {
  const lines: Lines = { recent: [], onLine: new Set() }
  const file = output === 'console' ? undefined : openLogFile(output)
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface(stream).on('line', (line) => {
      if (file) file.write(`${line}\n`)
      else console.log(`[${name}] ${line}`)
      lines.recent = [...lines.recent, line].slice(-LINES_KEPT)
      for (const listener of lines.onLine) listener(line)
    })
  }
  child.once('close', () => file?.end())
  return lines
}

/** What stands in a log is for its owner only, also in a file from before. */
function openLogFile(path: string): WriteStream {
  const descriptor = openSync(path, 'a', 0o600)
  fchmodSync(descriptor, 0o600)
  return createWriteStream(path, { fd: descriptor })
}

async function lineOrEnd(
  lines: Lines,
  test: (line: string) => boolean,
  ended: Promise<string>,
): Promise<void> {
  const said = Promise.withResolvers<void>()
  const listener = (line: string) => {
    if (test(line)) said.resolve()
  }
  lines.onLine.add(listener)
  try {
    if (lines.recent.some(test)) return
    const end = await Promise.race([said.promise, ended])
    if (end !== undefined) throw new Error(end)
  } finally {
    lines.onLine.delete(listener)
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  signalGroup(child, 'SIGTERM')
  const late = await Promise.race([exited.then(() => false), sleep(STOP_GRACE_MS, true, { ref: false })])
  if (late) signalGroup(child, 'SIGKILL')
  await exited
}

/** The child's whole group, because Next starts processes of its own. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // It ended in between.
  }
}
