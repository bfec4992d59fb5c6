/** Sends answers, and plays faults on them. */
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { FaultRule } from './faults.ts'
import { isStreamed, json, type Reply } from './reply.ts'

export type Refusal = '429' | '500' | '403' | 'expired-token'

/** The system's own bodies; a refusal that it leaves out has a plain one. */
export type Refusals = Readonly<Partial<Record<Refusal, (rule: FaultRule) => Reply>>>

export interface Play {
  readonly response: ServerResponse
  /** Runs the handler: its effect takes place. */
  readonly run: () => Promise<Reply>
  readonly refusals: Refusals
  /** Told of a rule while it strikes; see `Faults.watch`. */
  readonly struck: (rule: FaultRule) => Promise<void>
  /** Runs the handler so that reads miss what it does for a while; left out: this system has no such reads. */
  readonly unseen?: (ms: number, run: Play['run']) => Promise<Reply>
}

const longestTimeoutMs = 10 * 60_000

/**
 * Answers a request under the rules that strike it: latencies add up, then the first other rule decides.
 * Resolves to the status sent, `null` where no answer was sent.
 */
export async function playFaults(rules: readonly FaultRule[], play: Play): Promise<number | null> {
  for (const rule of rules) {
    if (rule.kind !== 'latency') continue
    await wait(rule.ms ?? 1_000)
    await play.struck(rule)
  }
  const rule = rules.find((one) => one.kind !== 'latency')
  if (rule === undefined) return send(play.response, await play.run())
  const run = async (): Promise<Reply> => {
    const reply = await (rule.kind === 'stale'
      ? (play.unseen?.(rule.ms ?? 1_000, play.run) ?? play.run())
      : play.run())
    await play.struck(rule)
    return reply
  }
  switch (rule.kind) {
    case '429':
    case '500':
    case '403':
    case 'expired-token':
      await play.struck(rule)
      return send(play.response, (play.refusals[rule.kind] ?? plainRefusal)(rule))
    case 'cut-before':
      await play.struck(rule)
      return cut(play.response)
    case 'cut-after':
      await run()
      return cut(play.response)
    case 'truncated-json':
      return send(play.response, await halved(await run()))
    case 'timeout':
      return timeOut(rule, { ...play, run })
    case 'slow-body':
      return sendSlowly(play.response, await run(), rule.ms ?? 5_000)
    case 'stale':
      return send(play.response, await run())
    case 'latency':
      return null // filtered above
  }
}

/** Sends a reply in full; a streamed body is sent as it is made. */
export async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  await send(response, reply)
}

async function send(response: ServerResponse, reply: Reply): Promise<number> {
  const { status, headers, body } = reply
  if (!isStreamed(body)) {
    const bytes = Buffer.from(body ?? '')
    const length = status === 204 ? {} : { 'content-length': String(bytes.length) }
    response.writeHead(status, { ...headers, ...length }).end(status === 204 ? undefined : bytes)
    return status
  }
  response.writeHead(status, { ...headers })
  for await (const chunk of body) {
    if (response.destroyed) break
    if (!response.write(chunk)) await drained(response)
  }
  response.end()
  return status
}

/** Waits until the client has taken what was written, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.once('drain', done).once('close', done)
  })
}

function plainRefusal(rule: FaultRule): Reply {
  return json(
    { message: `Refused by a fault rule: ${rule.kind}` },
    rule.kind === 'expired-token' ? 401 : Number(rule.kind),
  )
}

function cut(response: ServerResponse): null {
  response.socket?.destroy()
  return null
}

async function timeOut(rule: FaultRule, play: Play): Promise<null> {
  if (rule.effectAfterMs !== undefined) {
    await wait(rule.effectAfterMs)
    await play.run()
  }
  const gone = new Promise<void>((resolve) => play.response.once('close', resolve))
  const late = AbortSignal.timeout(rule.ms ?? longestTimeoutMs)
  const over = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve(), { once: true }))
  if (!play.response.destroyed) await Promise.race([gone, over])
  return cut(play.response)
}

async function halved(reply: Reply): Promise<Reply> {
  const bytes = await bodyBytes(reply)
  return { ...reply, body: bytes.subarray(0, Math.floor(bytes.length / 2)) }
}

async function sendSlowly(response: ServerResponse, reply: Reply, ms: number): Promise<number> {
  const bytes = await bodyBytes(reply)
  const parts = 10
  const size = Math.max(1, Math.ceil(bytes.length / parts))
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(bytes.length) })
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    await wait(ms / parts)
    response.write(bytes.subarray(at, at + size))
  }
  response.end()
  return reply.status
}

async function bodyBytes(reply: Reply): Promise<Buffer> {
  if (!isStreamed(reply.body)) return Buffer.from(reply.body ?? '')
  const chunks: Buffer[] = []
  for await (const chunk of reply.body) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
