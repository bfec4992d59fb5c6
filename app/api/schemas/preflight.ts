import { z } from 'zod'
import { preflightCheckIds } from '#db/values.ts'
import { programSlug, yesOrNo } from './fields.ts'
import { firstProgram } from './programs.ts'

/** `again=yes` looks now, whatever is stored. */
export const preflightQuerySchema = z.object({
  program: programSlug.default(firstProgram),
  again: yesOrNo.default('no'),
})

export const checkIdSchema = z.enum(preflightCheckIds)

export const preflightSchema = z.object({
  checkedAt: z.iso.datetime(),
  checks: z.array(
    z.object({
      id: checkIdSchema,
      title: z.string(),
      state: z.enum(['ok', 'failed', 'unknown']),
      meaning: z.string(),
      found: z.string(),
      items: z.array(z.string()),
      /** What Fix would do; `null` where only a person can. */
      fix: z.string().nullable(),
      path: z.string(),
    }),
  ),
  /** What the API member's role must allow, to be copied. */
  role: z.string(),
})
export type ShownPreflight = z.infer<typeof preflightSchema>

export const fixedSchema = preflightSchema.extend({ did: z.array(z.string()) })
