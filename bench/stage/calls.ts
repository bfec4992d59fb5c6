/** Calls between a benchmark and the processes that it starts: functions by name, over Node's own channel. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

interface Call {
  readonly id: number
  readonly name: string
  readonly input: readonly unknown[]
}
interface Answer {
  readonly id: number
  readonly output?: unknown
  readonly error?: string
}

/** In the process that was started: answers until the one that started it is gone. What goes to and fro is plain JSON. */
export function answerCalls(calls: object): void {
  process.on('message', ({ id, name, input }: Call) => {
    const call = (calls as Record<string, (...input: readonly unknown[]) => Promise<unknown>>)[name]
    if (call === undefined) return void process.send?.({ id, error: `There is no call ${name}.` })
    call(...input).then(
      (output) => process.send?.({ id, output }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
    )
  })
  process.once('disconnect', () => process.exit(0))
}

export interface Started<C> extends AsyncDisposable {
  readonly calls: C
}

/** Starts a file of this folder with `setUp` as its argument. Disposing of it ends the process. */
export function startProcess<C>(file: string, setUp: unknown): Started<C> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(setUp)], { execArgv: ['--expose-gc'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    calls: callsOf(child) as C,
    async [Symbol.asyncDispose]() {
      child.kill()
      await ended
    },
  }
}

function callsOf(child: ChildProcess): object {
  const waiting = new Map<number, { resolve(output: unknown): void; reject(error: Error): void }>()
  let last = 0
  child.on('message', ({ id, output, error }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(output)
    else asked?.reject(new Error(error))
  })
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`The process ended with ${code ?? signal}.`))
  })
  const call = (name: string, input: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      child.send({ id: last, name, input })
    })
  return new Proxy(
    {},
    {
      get: (_, name) => (name === 'then' ? undefined : (...input: unknown[]) => call(String(name), input)),
    },
  )
}
