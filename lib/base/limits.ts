/**
 * How large an answer from outside may be and how long it may take: every outgoing call has both limits, and these are the
 * ones it has where it names no others (docs/architecture.md, "Budgets").
 */
import { isOfBrand } from './brand.ts'

export interface Limits {
  /** Bytes of the body, after decompression. */
  readonly mostBytes: number
  /** From the request to the answer's last byte. */
  readonly timeoutMs: number
  /** Longest wait for the next part of a body that takes long; left out: only `timeoutMs` counts. */
  readonly silenceMs?: number
}

const MB = 2 ** 20

export const limits = {
  /** A single record: a token, a company's info, a member. */
  record: { mostBytes: MB, timeoutMs: 20_000 },
  /** A list in JSON, or a page of one. */
  json: { mostBytes: 64 * MB, timeoutMs: 20_000 },
  /** A file that is read part by part and never held as a whole. */
  file: { mostBytes: 1024 * MB, timeoutMs: 10 * 60_000, silenceMs: 60_000 },
} as const satisfies Record<string, Limits>

/**
 * The tries of one read share twice the time of one: a second try has its whole time where the first got no answer, and a
 * side that answers nothing is given up after that. Waits that the other side asked for are not counted.
 */
export const timeOfAllTries = (timeoutMs: number): number => 2 * timeoutMs

/** An answer that was over one of its limits; its connection is closed. */
export class OverLimit extends Error {
  static readonly brand = 'OverLimit'
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOfBrand(this, value)
  }

  override readonly name = 'OverLimit'
  readonly limit: 'size' | 'time'
  /** What is to be said of the answer: `is larger than 64 MB`, `did not come within 20 s`. */
  readonly says: string

  constructor(host: string, limit: 'size' | 'time', says: string) {
    super(`the answer of ${host} ${says}`)
    this.limit = limit
    this.says = says
  }
}

export const tooLarge = (host: string, mostBytes: number): OverLimit =>
  new OverLimit(host, 'size', `is larger than ${bytesText(mostBytes)}`)

export const tooSlow = (host: string, timeoutMs: number): OverLimit =>
  new OverLimit(host, 'time', `did not come within ${timeText(timeoutMs)}`)

export const tooSilent = (host: string, silenceMs: number): OverLimit =>
  new OverLimit(host, 'time', `stopped coming for ${timeText(silenceMs)}`)

function bytesText(bytes: number): string {
  if (bytes >= 1024 * MB) return `${rounded(bytes / (1024 * MB))} GB`
  return bytes >= MB ? `${rounded(bytes / MB)} MB` : `${bytes} bytes`
}

function timeText(ms: number): string {
  if (ms >= 120_000) return `${rounded(ms / 60_000)} minutes`
  return ms >= 1_000 ? `${rounded(ms / 1_000)} s` : `${Math.round(ms)} ms`
}

const rounded = (value: number): string => String(Math.round(value * 10) / 10)
