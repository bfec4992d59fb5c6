import { z } from 'zod'
import { text } from './fields.ts'

/** Whole messages are looked for, too. */
export const LONGEST_SEARCH = 500

export const searchQuerySchema = z.object({
  q: text('what to look for', { least: 0, most: LONGEST_SEARCH }).default(''),
})

/** In the order in which groups stand where none fits better than another. */
export const searchKinds = [
  'customers',
  'companies',
  'agreements',
  'subscriptions',
  'products',
  'months',
  'invoices',
  'runs',
  'messages',
  'pages',
] as const
export type SearchKind = (typeof searchKinds)[number]

export const searchSchema = z.object({
  /** What was looked for, without surrounding spaces. */
  q: z.string(),
  groups: z.array(
    z.object({
      kind: z.enum(searchKinds),
      hits: z
        .array(
          z.object({
            title: z.string(),
            /** What tells it from others of the name; `''`: nothing. */
            detail: z.string(),
            /** Of a run: when it was asked for. */
            at: z.iso.datetime({ offset: true }).nullable(),
            /** The page of ours that shows it. */
            href: z.string(),
          }),
        )
        .min(1),
      /** Whether there are more than are given. */
      more: z.boolean(),
    }),
  ),
})
export type Found = z.infer<typeof searchSchema>
export type FoundGroup = Found['groups'][number]
export type Hit = FoundGroup['hits'][number]
