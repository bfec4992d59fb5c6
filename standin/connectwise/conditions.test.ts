import { describe, expect, it } from 'vitest'
import { parseConditions } from './conditions.ts'
import { toTest } from './matches.ts'

const record = {
  id: 7,
  name: 'Wingtip Toys',
  deletedFlag: false,
  price: -2.5,
  lastUpdated: '2026-09-15T10:00:00Z',
  manufacturer: { id: 3, name: "O'Neil" },
  types: [{ name: 'Client' }, { name: 'Vendor' }],
}
const holds = (text: string) => toTest(parseConditions(text), () => undefined)(record)

describe('conditions', () => {
  it.each([
    'id = 7',
    'id=7',
    'id != 8 and id < 8 and id <= 7 and id > 6 and id >= 7',
    'price = -2.5',
    'name = "wingtip toys"',
    "name like 'Wing*'",
    'name like "%toys"',
    'name like "Wing%T*s"',
    'name contains "tip"',
    'not name contains "zip"',
    'name not like "Zip*"',
    'id in (1, 7,9)',
    'id not in (1,2)',
    'name in ("x", \'Wingtip Toys\')',
    'deletedFlag = False',
    'deletedFlag != TRUE',
    'manufacturer/name = "O\'Neil"',
    'manufacturer/id >= 3',
    'website = null',
    'name != null',
    'lastUpdated > [2026-09-15T09:59:59Z]',
    'lastUpdated > [2026-09-15]',
    'lastUpdated < [2026-09-15T12:00:00+01:00]',
    'id = 1 or id = 7',
    'not (website = "x" or id = 8) or id = 7',
    'website = "x" or id = 7',
    'not (website = "x" and id = 8)',
    'not website = null or id = 7',
    'name contains "tip" and not name contains "t*p"',
    'ID_IS_NOT_HERE = null AND (id = 1 OR NOT (id = 2))',
    'types/name = "Vendor"',
  ])('holds: %s', (text) => expect(holds(text)).toBe(true))

  it.each([
    'id = 8',
    'name like "tip"',
    'name = "Wingtip*"',
    'website != "x"',
    'website in ("x")',
    'website not in ("x")',
    'website not like "x*"',
    'website not contains "x"',
    'not website = "x"',
    'not (website = "x" or id = 8)',
    'not not website = "x"',
    'name contains "W*s"',
    'id in (1,2)',
    'types/name = "Partner"',
    'lastUpdated < [2026-09-15T09:00:00Z]',
  ])('does not hold: %s', (text) => expect(holds(text)).toBe(false))

  it('binds and closer than or', () => {
    expect(holds('id = 7 or id = 1 and id = 2')).toBe(true)
    expect(holds('(id = 7 or id = 1) and id = 2')).toBe(false)
  })

  it.each([
    'id =',
    'id 7',
    '= 7',
    'id = 7 and',
    '(id = 7',
    'id = 7)',
    'id in 7',
    'id in ()',
    'name = "open',
    'name = bare',
    'lastUpdated > [yesterday]',
    'name like 7',
    'id == 7',
    `${'('.repeat(7_000)}id = 7${')'.repeat(7_000)}`,
    `${'not '.repeat(7_000)}id = 7`,
    '',
  ])('refuses with the 400 that explains values: %s', (text) => {
    try {
      parseConditions(text)
    } catch (error) {
      const { reply } = error as { reply: { status: number; body: string } }
      expect(reply.status).toBe(400)
      expect(reply.body).toContain('String values should be enclosed with double or single quotes')
      return
    }
    expect.unreachable('it was accepted')
  })
})
