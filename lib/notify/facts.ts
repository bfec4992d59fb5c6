/** What is true of a program now, what was told of it, and what a digest says: plain values, stored and sent as JSON. */
import { z } from 'zod'
import { moneySchema, periodSchema } from '#lib/billing/values.ts'

/**
 * `error`: something fails; `waits`: a person is asked; `price`: PRISM's price changed, or an addition is replaced at another one;
 * `late`: the invoice has not come; `renewal`: a term ends soon; `closed`: a person closed a month.
 */
export const factKinds = ['error', 'waits', 'price', 'late', 'renewal', 'closed'] as const
export type FactKind = (typeof factKinds)[number]

/** Something that people are told once, and reminded of while it stays so. */
export interface Fact {
  /** The same as long as it is the same thing, whichever run finds it: kind, whose it is, and cause. */
  readonly id: string
  readonly kind: FactKind
  /** What several facts have in common, as one sentence; a digest groups by it. */
  readonly cause: string
  /** What to do; `''` where the cause says it. */
  readonly remedy: string
  /** Whose recovery ends it: the agreement; `''` where nobody's does. */
  readonly owner: string
  readonly customer: string
  /** The product or subscription; `''` where it is about the agreement as a whole. */
  readonly subject: string
  readonly period: z.infer<typeof periodSchema> | null
  /** The money that it concerns, in the program's currency; `null`: not known, or none. */
  readonly amount: z.infer<typeof moneySchema> | null
  /** Of the app's pages, as `/runs/…`. */
  readonly path: string
  /** A person asked not to hear of it (J3): told to nobody while that holds. */
  readonly isMuted: boolean
}

export const entrySchema = z.object({
  customer: z.string(),
  subject: z.string(),
  period: periodSchema.nullable(),
  amount: moneySchema.nullable(),
  /** What the amount was when it was last told; `null`: it was not told before, or had none. */
  before: moneySchema.nullable(),
  path: z.string(),
})
export type Entry = z.infer<typeof entrySchema>

export const groupSchema = z.object({
  kind: z.enum(factKinds),
  cause: z.string(),
  remedy: z.string(),
  /** How many there are; `entries` holds the first of them. */
  count: z.number().int().min(1),
  /** The sum of all amounts; `null` where none has one. */
  total: moneySchema.nullable(),
  entries: z.array(entrySchema).readonly(),
})
export type Group = z.infer<typeof groupSchema>

/** What is sent to every address of a program, and to its webhook. */
export const digestSchema = z.object({
  /** New, or with another amount than last told. */
  news: z.array(groupSchema).readonly(),
  /** Agreements that failed and work again. */
  recovered: z.array(z.object({ customer: z.string(), path: z.string() })).readonly(),
  recoveredCount: z.number().int().min(0),
  /** Told before, and still so. */
  reminders: z.array(groupSchema).readonly(),
})
export type Digest = z.infer<typeof digestSchema>

export const toldSchema = z.object({
  facts: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(factKinds),
      owner: z.string(),
      customer: z.string(),
      path: z.string(),
      amount: moneySchema.nullable(),
      /** Milliseconds since 1970: when people last read of it, and when it was last found so. */
      toldAt: z.number(),
      seenAt: z.number(),
    }),
  ),
})
/** What people were told of a program. */
export type Told = z.infer<typeof toldSchema>
export const toldNothing: Told = { facts: [] }
