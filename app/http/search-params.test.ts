import { describe, expect, it } from 'vitest'
import { customersQuerySchema } from '#app/api/schemas/customers.ts'
import { podAddressSchema } from '#app/api/schemas/page-addresses.ts'
import { pathText, searchOf } from './search-params.ts'

const asked = (given: Record<string, string | string[]>) =>
  searchOf(customersQuerySchema, Promise.resolve(given))

describe('what the address of a page asks for', () => {
  it('keeps what is right where something is not [J16]', async () => {
    const { query, ignored } = await asked({ search: 'coho', page: '99999999999', state: 'nonsense' })
    expect(query).toEqual({ search: 'coho', page: 1, state: '', sort: 'name' })
    expect([...ignored].sort()).toEqual(['page', 'state'])
  })

  it.each([
    [{ search: '\u0000' }],
    [{ page: '-1' }],
    [{ page: '1e3' }],
    [{ sort: '-nothing' }],
    [{ search: 'x'.repeat(201) }],
  ])('has its defaults where it is odd: %j [J16]', async (given) => {
    expect((await asked(given)).query).toEqual({ search: '', page: 1, state: '', sort: 'name' })
  })

  it('is the first where it is given twice [J16]', async () => {
    expect((await asked({ page: ['2', '3'] })).query.page).toBe(2)
  })

  it('is no record of ConnectWise where the id fits no column [J16]', async () => {
    const of = async (id: string) => (await searchOf(podAddressSchema, Promise.resolve({ id }))).query.id
    expect(await of('2147483647')).toBe(2_147_483_647)
    for (const odd of ['2147483648', '99999999999', '0', '-1', '[cw_id]', '\u0000'])
      expect(await of(odd)).toBeNull()
  })
})

it('a part of a page’s path is decoded once, and no id where no record can have it [J16]', () => {
  expect(pathText('a%20b')).toBe('a b')
  expect(pathText('%25zz')).toBe('%zz')
  for (const odd of ['%00', '%0a', '%zz', '%ff', '', 'x'.repeat(101)]) expect(pathText(odd)).toBeNull()
})
