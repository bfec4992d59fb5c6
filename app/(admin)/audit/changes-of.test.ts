import { describe, expect, it } from 'vitest'
import { changesOf } from './changes-of.ts'
import { actionText } from './words.ts'

const lines = (detail: Record<string, unknown>): string[] =>
  changesOf(detail).map(({ name, before, after }) =>
    before === null ? `${name}: ${after}` : `${name}: ${before} -> ${after}`,
  )

describe('an audit event', () => {
  it('says what became another in the words of the pages, and no name of the code [B6][H6]', () => {
    const before = { enabled: false, productMode: 'in-use', defaults: { category: 'Misc', taxable: true } }
    const after = { enabled: true, productMode: 'all', defaults: { category: 'Cloud', taxable: true } }
    expect(lines({ before, after })).toEqual([
      'Sync: off -> on',
      'Product Sync Mode: In Use Products only -> All products',
      'Product category: Misc -> Cloud',
    ])
  })

  it('says what is new or gone, leaves out what never was, and lists what else belongs to it', () => {
    expect(lines({ before: null, after: { agreementName: 'Cloud', clientId: null } })).toEqual([
      'Agreement: Cloud',
    ])
    expect(lines({ before: { clientId: 'a' }, after: null })).toEqual(['Client id: a -> none'])
    expect(lines({ did: ['Made it.', 'Switched it on.'] })).toEqual(['Done: Made it. Switched it on.'])
    expect(lines({ pods: [{ state: 'created', screen: 'agreement' }] })).toEqual([
      'Pods: state created, screen agreement',
    ])
  })

  it('of a field that no page names still reads as words', () => {
    expect(lines({ after: { guards: { endedShare: 0.3 } } })).toEqual(['Guards ended share: 0.3'])
    expect(actionText('connect-connectwise')).toBe('Connect ConnectWise')
    expect(actionText('map-customer')).toBe('Map customer')
  })
})
