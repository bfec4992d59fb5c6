import { z } from 'zod'
import { moneySchema } from '#lib/billing/types.ts'
import { oneOf, page, search } from './fields.ts'

/** What is wrong first, then what is new, then the rest: the order of previews. */
export const productStates = [
  'ambiguous',
  'claimed',
  'contradictory',
  'unreadable',
  'retired-missing',
  'take-over',
  'create',
  'change',
  'same',
  'retired',
  'not-in-use',
] as const

export const productsQuerySchema = z.object({
  search: search.default(''),
  /** One state, or `written`: what would be written. */
  state: oneOf(['', 'written', ...productStates]).default(''),
  page,
  /** Another page or filter of this preview, without reading ConnectWise again; left out: read now. */
  preview: z.uuid('Ask for a preview by the id that it was given.').optional(),
})

export const productsSchema = z.object({
  /** The preview's id, for its other pages; `null` where it is not kept. */
  preview: z.uuid().nullable(),
  /** When ConnectWise was read for it. */
  readAt: z.iso.datetime(),
  counts: z.record(z.enum(productStates), z.number().int()),
  products: z.array(
    z.object({
      sku: z.string(),
      name: z.string(),
      state: z.enum(productStates),
      inUse: z.boolean(),
      unitCost: moneySchema,
      unitPrice: moneySchema,
      /** The linked catalog item, the one that is taken over, or the several of `ambiguous` and `claimed`. */
      items: z.array(
        z.object({
          id: z.number().int(),
          identifier: z.string(),
          description: z.string(),
          inactive: z.boolean(),
          unitCost: moneySchema,
          unitPrice: moneySchema,
        }),
      ),
      /** Of `unreadable`: which item, and why. */
      unreadable: z.object({ record: z.string(), reason: z.string() }).nullable(),
      /** Other SKUs whose names become equal when cut to 60 characters. */
      sameWhenCut: z.array(z.string()),
    }),
  ),
  page: z.number().int(),
  pageSize: z.number().int(),
  /** Products that fit search and state. */
  total: z.number().int(),
})
export type ShownProducts = z.infer<typeof productsSchema>
