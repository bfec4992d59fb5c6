import { describe, expect, it } from 'vitest'
import { changesOf } from './changes-of.ts'
import { actionText, eventText } from './words.ts'

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

  it('about a customer is told by what it changed, months and days as the pages write them [B6]', () => {
    const mapped = (over: object) => ({ agreementId: 1, syncEnabled: false, ...over })
    const text = (before: object | null, after: object) => eventText('map-customer', { before, after })
    expect(text(null, mapped({}))).toBe('Mapped it, with Sync off')
    expect(text(mapped({}), mapped({ syncEnabled: true }))).toBe('Switched Sync on')
    expect(text(mapped({ syncEnabled: true }), mapped({}))).toBe('Switched Sync off')
    expect(text(mapped({}), mapped({ agreementId: 2, syncEnabled: true }))).toBe(
      'Moved it to another agreement',
    )
    expect(text(mapped({}), mapped({}))).toBe('Saved the mapping')
    expect(eventText('skip-period', {})).toBe('Skipped a month of a subscription')
    expect(eventText('brand-new-thing', {})).toBe('Brand new thing')
    expect(lines({ period: '2026-04', before: {}, after: { endsOn: '2026-09-30' } })).toEqual([
      'Ends on: 30 Sep 2026',
      'Period: April 2026',
    ])
  })
})
