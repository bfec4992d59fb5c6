import { expect, it } from 'vitest'
import { base64Of } from './base64-of.ts'
import { countsText, saveText } from './words.ts'

const none = { map: 0, 'sync-on': 0, 'sync-off': 0, wrong: 0, nothing: 0 }

it('says of a file what it would do, what is wrong first, and what the button saves', () => {
  const many = { map: 1212, 'sync-on': 0, 'sync-off': 2, wrong: 3, nothing: 1 }
  expect(countsText(many)).toBe(
    '3 rows are wrong. 1,212 customers are mapped, Sync goes off for 2, 1 row changes nothing.',
  )
  expect(saveText(many)).toBe('Save 1,214 changes')
  expect(saveText({ ...none, map: 212, wrong: 1 })).toBe('Save 212 mappings')
  expect(saveText({ ...none, map: 1 })).toBe('Save 1 mapping')
  expect(saveText({ ...none, wrong: 4 })).toBe('Nothing to save')
  expect(countsText({ ...none, wrong: 1 })).toBe('1 row is wrong.')
})

it('sends every byte of a file, however long it is', () => {
  const bytes = Uint8Array.from({ length: 100_003 }, (_, at) => at % 256)
  expect(Buffer.from(base64Of(bytes), 'base64').equals(bytes)).toBe(true)
  expect(base64Of(new Uint8Array())).toBe('')
})
