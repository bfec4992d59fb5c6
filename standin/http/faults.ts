/**
 * Fault rules: which requests go wrong, and how. A rule is plain JSON, set by `POST /control/faults`.
 */
import { json, ReplyError } from './reply.ts'

export const faultKinds = [
  'latency', // answers after `ms`
  '429', // refused, with Retry-After `retryAfter` seconds; no effect
  '500', // no effect
  '403', // refused for want of a permission; no effect
  'cut-before', // connection closed without an answer; no effect
  'cut-after', // the effect takes place, then the connection is closed without an answer
  'truncated-json', // the effect takes place, half the body arrives
  'timeout', // no answer until `ms`; with `effectAfterMs` the effect takes place that late
  'expired-token', // 401, as after the token's end; no effect
  'slow-body', // the effect takes place, the body arrives over `ms`
  'stale', // answered as always; reads miss the effect for `ms` (ConnectWise)
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface FaultRule {
  readonly kind: FaultKind
  /** `*` or left out: any; `write`: any that changes something. */
  readonly method?: string
  /** Path pattern, `*` standing for any text (slashes too); left out: any. */
  readonly path?: string
  /** Only the n-th request (from 1) of those that fit method and path, counted from when the rule was set. */
  readonly nth?: number
  /** Every n-th request that fits. */
  readonly every?: number
  /** A share (0 to 1) of those that fit, drawn from `seed`: the same seed picks the same requests. */
  readonly share?: number
  readonly seed?: number
  /** How often the rule strikes; left out: once with `nth`, else without end. */
  readonly times?: number
  readonly ms?: number
  readonly retryAfter?: number
  readonly effectAfterMs?: number
  /** Text of a refusal, where the system's own is not meant. */
  readonly message?: string
}

export interface Faults {
  /** Adds rules to those set; answers 400 on a rule that is none. */
  add(rules: readonly FaultRule[]): void
  clear(): void
  /** The rules with how many requests fitted and how many were struck. */
  list(): readonly (FaultRule & { readonly fitted: number; readonly struck: number })[]
  /** The rules that strike this request; each call counts. */
  strike(method: string, path: string): readonly FaultRule[]
  /**
   * Calls `listener` while a rule strikes: once the effect that it leaves has taken place, and before the answer; at `latency`
   * before the effect. The answer waits for what it returns.
   */
  watch(listener: (rule: FaultRule) => unknown): void
  /** Tells those who watch. */
  struck(rule: FaultRule): Promise<void>
}

interface Armed {
  readonly rule: FaultRule
  readonly path: RegExp
  readonly draw: () => number
  fitted: number
  struck: number
}

export function createFaults(): Faults {
  let armed: Armed[] = []
  const listeners: ((rule: FaultRule) => unknown)[] = []
  return {
    add: (rules) => {
      armed = [...armed, ...rules.map(arm)]
    },
    clear: () => {
      armed = []
    },
    list: () => armed.map(({ rule, fitted, struck }) => ({ ...rule, fitted, struck })),
    strike: (method, path) => armed.filter((one) => strikes(one, method, path)).map((one) => one.rule),
    watch: (listener) => void listeners.push(listener),
    async struck(rule) {
      for (const listener of listeners) await listener(rule)
    },
  }
}

/** Several kinds at once, drawn from one seed. */
export interface Scenario {
  readonly seed: number
  /** Share (0 to 1) of the requests that each kind strikes. */
  readonly share: number
  /** Left out: every kind but `timeout`, which waits for the client to give up, and `stale`, which not all know. */
  readonly kinds?: readonly FaultKind[]
  /** Fields that all rules share: method, path, times, ms, retryAfter. */
  readonly rule?: Partial<FaultRule>
}

/** One rule of each kind; the same seed strikes the same requests in the same way. */
export function rulesOf({ seed, share, kinds, rule = {} }: Scenario): FaultRule[] {
  return (kinds ?? faultKinds.filter((kind) => kind !== 'timeout' && kind !== 'stale')).map(
    (kind, index) => ({
      ms: 20,
      ...rule,
      kind,
      share,
      seed: seed * faultKinds.length + index,
    }),
  )
}

/** Reads `POST /control/faults`: a rule, a list of rules, `{rules: [...]}` or `{scenario: {seed, share, ...}}`. */
export function readFaultRules(body: unknown): FaultRule[] {
  if (isRecord(body) && isRecord(body.scenario)) return readFaultRules(rulesOf(readScenario(body.scenario)))
  const rules = Array.isArray(body) ? body : isRecord(body) && Array.isArray(body.rules) ? body.rules : [body]
  for (const rule of rules) {
    if (!isRecord(rule) || !faultKinds.includes(rule.kind as FaultKind))
      throw new ReplyError(json({ message: `A rule's kind is one of ${faultKinds.join(', ')}.` }, 400))
  }
  return rules as FaultRule[]
}

function readScenario(scenario: Record<string, unknown>): Scenario {
  const { seed, share, kinds } = scenario
  const numbers = Number.isInteger(seed) && typeof share === 'number' && share > 0 && share <= 1
  if (!numbers || (kinds !== undefined && !Array.isArray(kinds))) {
    const message = 'A scenario has a whole seed, a share above 0 and up to 1, and perhaps a list of kinds.'
    throw new ReplyError(json({ message }, 400))
  }
  return scenario as unknown as Scenario
}

function arm(rule: FaultRule): Armed {
  const pattern = (rule.path ?? '*').split('*').map(escapeRegExp).join('.*')
  return {
    rule,
    path: new RegExp(`^${pattern}$`, 'i'),
    draw: randomFrom(rule.seed ?? 1),
    fitted: 0,
    struck: 0,
  }
}

function strikes(armed: Armed, method: string, path: string): boolean {
  const { rule } = armed
  if (!isOfMethod(rule.method ?? '*', method)) return false
  if (!armed.path.test(path)) return false
  armed.fitted += 1
  if (armed.struck >= (rule.times ?? Number.POSITIVE_INFINITY)) return false
  if (rule.nth !== undefined && armed.fitted !== rule.nth) return false
  if (rule.every !== undefined && armed.fitted % rule.every !== 0) return false
  if (rule.share !== undefined && armed.draw() >= rule.share) return false
  armed.struck += 1
  return true
}

function isOfMethod(wanted: string, method: string): boolean {
  if (wanted === 'write') return method !== 'GET' && method !== 'HEAD'
  return wanted === '*' || wanted.toUpperCase() === method
}

function escapeRegExp(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
