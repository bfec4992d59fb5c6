import { describe, expect, it } from 'vitest'
import { isMonthlyCycle } from './inferred.ts'

describe('a billing cycle’s name [A5][F13]', () => {
  it.each(['Monthly', 'MONTHLY', 'Monthly, on the 1st', 'Managed monthly'])('%s is monthly', (name) => {
    expect(isMonthlyCycle(name)).toBe(true)
  })

  it.each([
    'Bi-Monthly',
    'Bimonthly',
    'Semi Monthly',
    'Every 3 Months',
    '6-monthly',
    'Quarterly',
    'Yearly',
    'One-Time',
    'None',
    '',
  ])('%s is not', (name) => {
    expect(isMonthlyCycle(name)).toBe(false)
  })
})
