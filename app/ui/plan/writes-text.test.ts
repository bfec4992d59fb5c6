import { expect, it } from 'vitest'
import { writesText } from './writes-text.ts'

it('counts what is written by what it is, and leaves out what stays [H1]', () => {
  const kinds = ['keep', 'create', 'end', 'create', 'create'] as const
  expect(writesText(kinds.map((kind) => ({ kind })))).toBe('3 additions, 1 end')
  expect(writesText([{ kind: 'createCatalogItem' }, { kind: 'update' }, { kind: 'delete' }])).toBe(
    '1 new product, 1 change, 1 deletion',
  )
  expect(writesText([{ kind: 'keep' }])).toBe('')
})
