import { expect, it } from 'vitest'
import { programInputSchema } from '#app/api/schemas/programs.ts'
import { programBySlug, programs } from './registry.ts'

it('has a slug and a PRISM name of its own for each program, and defaults that its options can take [C1]', () => {
  expect(new Set(programs.map(({ slug }) => slug)).size).toBe(programs.length)
  expect(new Set(programs.map(({ prismName }) => prismName)).size).toBe(programs.length)
  for (const program of programs) {
    expect(program.slug).toMatch(/^[a-z0-9-]+$/)
    expect(programBySlug(program.slug)).toBe(program)
    // What is stored of it is the day on which it was switched on.
    const asGiven = { ...program.defaults, annualTermsAtOnce: program.defaults.annualTermsAtOnce !== null }
    expect(programInputSchema.parse(asGiven)).toEqual(asGiven)
    for (const { key } of program.options) expect(program.defaults).toHaveProperty(key)
  }
})
