import type { z } from 'zod'
import { oneOf } from './fields.ts'

/** What a table that can be kept as a file is asked by: beside what fits it, as what kind of file. */
export const fileQuery = <Shape extends z.core.$ZodLooseShape>(query: z.ZodObject<Shape>) =>
  query.extend({ as: oneOf(['csv', 'json']).default('csv') })
