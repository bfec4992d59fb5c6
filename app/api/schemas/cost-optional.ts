/** Answers that reach people who may see the customer's prices alone. */
import { z } from 'zod'
import { type CostOptional, costFields } from '#lib/billing/without-cost.ts'

/** The schema with what rhipe charges left out or not, at any depth (`withoutCost`). */
export function costOptional<T>(schema: z.ZodType<T>): z.ZodType<CostOptional<T>> {
  return optionalIn(schema) as unknown as z.ZodType<CostOptional<T>>
}

function optionalIn(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject)
    return new z.ZodObject({
      ...schema.def,
      shape: Object.fromEntries(
        Object.entries(schema.def.shape).map(([name, field]) => [name, fieldOf(name, optionalIn(field))]),
      ),
    })
  if (schema instanceof z.ZodArray)
    return schema.clone({ ...schema.def, element: optionalIn(schema.def.element) })
  if (schema instanceof z.ZodRecord)
    return schema.clone({ ...schema.def, valueType: optionalIn(schema.def.valueType) })
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return schema.clone({ ...schema.def, innerType: optionalIn(schema.def.innerType) } as never)
  if (schema instanceof z.ZodUnion)
    return schema.clone({ ...schema.def, options: schema.def.options.map(optionalIn) })
  return schema
}

const fieldOf = (name: string, schema: z.core.$ZodType): z.core.$ZodType =>
  costFields.some((field) => field === name) ? z.optional(schema) : schema
