import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { jsonSchemaOf } from '#app/contracts/json-schemas.ts'
import { type Action, mayDo } from '#lib/auth/actions.ts'
import { amountSchema, planSchema } from '#lib/billing/types.ts'
import { costFields, withoutCost } from '#lib/billing/without-cost.ts'
import { rows } from '../testing/contract-of.ts'
import { costOptional } from './cost-optional.ts'

/** The cost fields that an answer must have. */
function demanded(part: unknown, found: string[] = []): string[] {
  if (typeof part !== 'object' || part === null) return found
  const { required } = part as { required?: unknown }
  if (Array.isArray(required)) found.push(...costFields.filter((field) => required.includes(field)))
  for (const each of Object.values(part)) demanded(each, found)
  return found
}

describe('an answer that reaches who may not see the cost', () => {
  const reached = rows.filter(
    ([, { access, onScreen }]) => onScreen !== undefined && mayDo('member', access as Action),
  )

  it.each(reached)('%s promises none [H4]', (_, { reply }) => {
    if (!(reply instanceof z.ZodType)) return
    expect(demanded(jsonSchemaOf(reply, 'output'))).toEqual([])
  })

  it('is looked at where there are some: a plan with the cost demands it [H4]', () => {
    expect(reached.map(([endpoint]) => endpoint)).toContain('GET /api/hosted/agreements/{id}')
    expect(demanded(jsonSchemaOf(planSchema, 'output'))).not.toEqual([])
  })
})

describe('a schema whose cost may be left out', () => {
  const schema = costOptional(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('one'), of: z.array(amountSchema).nullable() }),
      z.object({ kind: z.literal('two'), by: z.partialRecord(z.enum(['a', 'b']), amountSchema).optional() }),
    ]),
  )
  const amount = { cost: '1.20', price: '2.40' }

  it('takes a value with it and without, and refuses what it refused before [H4]', () => {
    for (const value of [
      { kind: 'one', of: [amount] },
      { kind: 'one', of: null },
      { kind: 'two', by: { a: amount } },
      { kind: 'two' },
    ])
      for (const each of [value, withoutCost(value)]) expect(schema.parse(each)).toEqual(each)
    for (const wrong of [
      { kind: 'one', of: [{ cost: '1.20' }] },
      { kind: 'one', of: [{ ...amount, cost: 'x' }] },
      { kind: 'two', by: { c: amount } },
      { kind: 'three' },
    ])
      expect(schema.safeParse(wrong).success).toBe(false)
  })
})
