import { expect, it } from 'vitest'
import { agoText } from './ago-text.ts'

it.each([
  [0, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [3 * 3600 + 59, '3 hours ago'],
  [24 * 3600 - 1, '23 hours ago'],
  [49 * 3600, '2 days ago'],
  // The clock of a browser may be behind.
  [-30, 'just now'],
])('says of %d seconds %s', (seconds, text) => {
  const now = Date.parse('2026-11-26T12:00:00Z')
  expect(agoText(new Date(now - seconds * 1000).toISOString(), now)).toBe(text)
})
