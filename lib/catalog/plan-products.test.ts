import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SkuKey, skuKey } from '#lib/billing/keys.ts'
import type { Money, Product } from '#lib/billing/types.ts'
import { planProducts } from './plan-products.ts'
import type { CatalogEntry, PlannedProduct, ProductSituation } from './types.ts'

const money = (text: string): Money => text as Money
const defaults = {
  category: 'Miscellaneous',
  subcategory: 'Miscellaneous',
  productType: 'Miscellaneous',
  unitOfMeasure: 'Each',
  taxable: true,
}

function product(sku: string, more: Partial<Product> = {}): Product {
  const name = `Product ${sku}`
  return { productId: sku, sku, name, unitCost: money('10'), unitPrice: money('12'), current: true, ...more }
}

function item(id: number, vendorSku: string, more: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    id,
    vendorSku,
    identifier: `item-${id}`,
    description: '',
    inactive: false,
    taxable: true,
    unitCost: money('10'),
    unitPrice: money('12'),
    ...more,
  }
}

function planned(situation: Partial<ProductSituation>): PlannedProduct[] {
  const usual = { products: [], catalog: [], mode: 'all', inUse: new Set<SkuKey>(), defaults } as const
  return [...planProducts({ ...usual, ...situation }).products]
}

const states = (situation: Partial<ProductSituation>): string[] =>
  planned(situation).map(({ sku, state }) => `${sku} ${state}`)

describe('a product', () => {
  it('is linked by Vendor SKU, whatever the case and the spaces around it, and by no name [D1]', () => {
    const products = [product('A:1'), product('B:1')]
    const catalog = [item(1, ' a:1 '), item(2, '', { identifier: 'Product B:1', description: 'B:1' })]
    expect(states({ products, catalog })).toEqual(['A:1 same', 'B:1 create'])
  })

  it('that is not linked is created with its SKU, its name cut to 60 and whole, and the prices of the list [D2]', () => {
    const name = 'Microsoft 365 Business Premium and something that makes it far too long for ConnectWise'
    const [made] = planned({ products: [product('A:1', { name })] })
    expect(made?.change).toEqual({
      kind: 'createCatalogItem',
      reason: { rule: 'missing-product' },
      sku: 'A:1',
      identifier: 'A:1',
      description: 'Microsoft 365 Business Premium and something that makes it f',
      customerDescription: name,
      unitCost: '10',
      unitPrice: '12',
      ...defaults,
    })
  })

  it('that is linked gets cost and price of the list, and nothing else is touched [D3]', () => {
    const catalog = [item(7, 'A:1', { unitCost: money('9.5'), identifier: 'renamed by a clerk' })]
    const [changed] = planned({ products: [product('A:1')], catalog })
    expect(changed).toMatchObject({
      state: 'change',
      change: {
        kind: 'updateCatalogItem',
        sku: 'A:1',
        catalogItemId: 7,
        before: { unitCost: '9.5', unitPrice: '12' },
        after: { unitCost: '10', unitPrice: '12' },
      },
    })
  })

  it('whose amounts are only written differently is the same [D3]', () => {
    const catalog = [item(7, 'A:1', { unitCost: money('10.00'), unitPrice: money('12.0') })]
    expect(states({ products: [product('A:1')], catalog })).toEqual(['A:1 same'])
  })

  it('with several items is ambiguous, inactive ones included, and is not written [D6]', () => {
    const catalog = [item(1, 'A:1'), item(2, 'a:1', { inactive: true, unitCost: money('1') })]
    const [found] = planned({ products: [product('A:1')], catalog })
    expect(found).toMatchObject({ state: 'ambiguous', change: null })
    expect(found?.items.map(({ id }) => id)).toEqual([1, 2])
  })

  it('linked to one inactive item is updated all the same [D1][D3]', () => {
    const catalog = [item(1, 'A:1', { inactive: true, unitCost: money('1') })]
    expect(states({ products: [product('A:1')], catalog })).toEqual(['A:1 change'])
  })

  it('that nobody uses is created for the whole list only; linked items are updated in both modes [C3]', () => {
    const products = [product('A:1'), product('B:1'), product('C:1')]
    const catalog = [item(3, 'C:1', { unitPrice: money('1') })]
    const inUse = new Set([skuKey('b:1')])
    expect(states({ products, catalog, inUse, mode: 'in-use' })).toEqual([
      'A:1 not-in-use',
      'B:1 create',
      'C:1 change',
    ])
    expect(states({ products, catalog, inUse, mode: 'all' })).toEqual([
      'A:1 create',
      'B:1 create',
      'C:1 change',
    ])
  })

  it('that is retired is never written: it works where somebody linked it, else it says so [D4]', () => {
    const products = [product('A:1', { current: false }), product('B:1', { current: false })]
    const catalog = [item(1, 'A:1', { unitCost: money('1') })]
    const found = planned({ products, catalog, inUse: new Set(['a:1', 'b:1'].map(skuKey)) })
    expect(found.map(({ state, change }) => [state, change])).toEqual([
      ['retired', null],
      ['retired-missing', null],
    ])
  })

  it('that the list has twice is one where both agree, and is left alone where they do not', () => {
    const twice = [product('A:1'), product('a:1 ', { productId: 'other' })]
    expect(states({ products: twice })).toEqual(['A:1 create'])
    const contradictory = [product('A:1'), product('A:1', { productId: 'other', unitCost: money('11') })]
    expect(planned({ products: contradictory })).toMatchObject([{ state: 'contradictory', change: null }])
    const old = [product('A:1', { current: false, unitCost: money('1') }), product('A:1')]
    expect(planned({ products: old })).toMatchObject([{ state: 'create', unitCost: '10' }])
  })

  it('names the others whose names become equal when cut [D5]', () => {
    const long = 'x'.repeat(60)
    const products = [
      product('A:1', { name: `${long} for one` }),
      product('B:1', { name: `${long} for two` }),
      product('C:1', { name: `${'x'.repeat(59)} for three` }),
    ]
    expect(planned({ products }).map(({ sameWhenCut }) => sameWhenCut)).toEqual([['B:1'], ['A:1'], []])
  })
})

describe('a product that an item names otherwise than by its Vendor SKU', () => {
  const products = [product('A:1')]
  const made = (id: number, name: string, more: Partial<CatalogEntry> = {}) =>
    item(id, name, { identifier: name, unitPrice: money('99'), ...more })

  it.each(['P1M:M:A:1', 'p1m:m a:1', 'P1Y:M-A:1', ' P1M:MA:1 '])(
    'takes over PRISM Connect’s item %s: it gets the SKU, and cost and price of the list [D1][D3]',
    (name) => {
      const [taken] = planned({ products, catalog: [made(4, name)] })
      expect(taken).toMatchObject({
        state: 'take-over',
        items: [{ id: 4 }],
        change: {
          kind: 'updateCatalogItem',
          catalogItemId: 4,
          before: { unitCost: '10', unitPrice: '99' },
          after: { unitCost: '10', unitPrice: '12' },
          vendorSku: { before: name, after: 'A:1' },
        },
      })
    },
  )

  it('takes over an item without Vendor SKU whose Product ID is the SKU, as a second one could not be called so', () => {
    expect(states({ products, catalog: [item(4, '', { identifier: 'a:1' })] })).toEqual(['A:1 take-over'])
    expect(states({ products, catalog: [item(4, 'B:1', { identifier: 'A:1' })] })).toEqual(['A:1 create'])
  })

  it('leaves all of it alone where an item has its Vendor SKU [D1]', () => {
    expect(states({ products, catalog: [item(1, 'A:1'), made(4, 'P1M:M:A:1')] })).toEqual(['A:1 same'])
  })

  it('asks where several items name it, or one that is inactive, and creates nothing beside them', () => {
    const several = [made(4, 'P1M:M:A:1'), made(5, 'P1Y:M:A:1')]
    const [asked] = planned({ products, catalog: several })
    expect(asked).toMatchObject({ state: 'claimed', change: null, items: [{ id: 4 }, { id: 5 }] })
    expect(states({ products, catalog: [made(4, 'P1M:M:A:1', { inactive: true })] })).toEqual(['A:1 claimed'])
  })

  it('is created beside an item that is billed for a year at once, as that has a year’s price', () => {
    expect(states({ products, catalog: [made(4, 'P1Y:A:A:1')] })).toEqual(['A:1 create'])
    const both = [made(4, 'P1Y:A:A:1'), made(5, 'P1M:M:A:1')]
    expect(planned({ products, catalog: both })).toMatchObject([{ state: 'take-over', items: [{ id: 5 }] }])
  })

  it('is not written while nobody uses it, nor where it is retired [C3][D4]', () => {
    const catalog = [made(4, 'P1M:M:A:1')]
    expect(states({ products, catalog, mode: 'in-use' })).toEqual(['A:1 not-in-use'])
    const retired = [product('A:1', { current: false })]
    expect(states({ products: retired, catalog })).toEqual(['A:1 retired-missing'])
  })
})

describe('every situation', () => {
  const price = fc.constantFrom('0', '1', '1.50', '2').map(money)
  const spelling = fc.constantFrom('A:1', 'a:1', ' A:1', 'B:1', 'b:1 ', 'C:1', '')
  const motion = fc.constantFrom('', 'P1M:M ', 'P1Y:M:', 'P1Y:A-')
  const situations = fc.record({
    products: fc.array(
      fc
        .record({ sku: spelling, unitCost: price, unitPrice: price, current: fc.boolean() })
        .filter(({ sku }) => sku !== '')
        .map(({ sku, ...more }) => product(sku, more)),
      { maxLength: 8 },
    ),
    catalog: fc.array(
      fc
        .record({ sku: spelling, motion, unitCost: price, unitPrice: price, inactive: fc.boolean() })
        .map(({ sku, motion: before, ...more }) => ({
          vendorSku: sku === '' ? '' : `${before}${sku}`,
          ...more,
        })),
      { maxLength: 8 },
    ),
    mode: fc.constantFrom('all' as const, 'in-use' as const),
    inUse: fc.subarray(['a:1', 'b:1', 'c:1']).map((skus) => new Set(skus.map(skuKey))),
  })

  it('has each SKU once and in one state, and writes nothing the second time [D1][D3][D5]', () => {
    fc.assert(
      fc.property(situations, ({ products, catalog: rows, mode, inUse }) => {
        const catalog = rows.map(({ vendorSku, ...more }, index) => item(index + 1, vendorSku, more))
        const plan = planProducts({ products, catalog, mode, inUse, defaults })
        const keys = plan.products.map(({ sku }) => sku.trim().toLowerCase())
        expect(new Set(keys).size).toBe(keys.length)
        expect(new Set(keys)).toEqual(new Set(products.map(({ sku }) => sku.trim().toLowerCase())))
        expect(Object.values(plan.counts).reduce((a, b) => a + b, 0)).toBe(keys.length)
        for (const { state, change } of plan.products)
          expect(change !== null).toBe(['create', 'change', 'take-over'].includes(state))
        const taken = plan.products.flatMap(({ state, items }) => (state === 'take-over' ? items : []))
        expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length)
        for (const { state, sku, items } of plan.products) {
          const key = sku.trim().toLowerCase()
          const isLinked = rows.some(({ vendorSku }) => vendorSku.trim().toLowerCase() === key)
          // What is taken over is the only one that names the product, and nothing is linked to it.
          if (state !== 'take-over') continue
          expect(isLinked).toBe(false)
          const naming = rows.filter(
            ({ vendorSku }) => /^p1[my]:m/i.test(vendorSku) && vendorSku.trim().toLowerCase().endsWith(key),
          )
          expect([naming.length, items.length]).toEqual([1, 1])
        }

        const after = applied(catalog, plan.products)
        const again = planProducts({ products, catalog: after, mode, inUse, defaults })
        expect(again.products.filter(({ change }) => change !== null)).toEqual([])
        const isTaken = ({ id }: CatalogEntry): boolean => taken.some((each) => each.id === id)
        expect(untouched(after)).toEqual(
          expect.arrayContaining(untouched(catalog.filter((each) => !isTaken(each)))),
        )
      }),
      { numRuns: 500 },
    )
  })
})

/** The catalog after every change was written. */
function applied(catalog: readonly CatalogEntry[], products: readonly PlannedProduct[]): CatalogEntry[] {
  let after = [...catalog]
  for (const { change } of products) {
    if (change?.kind === 'createCatalogItem') {
      const { sku, unitCost, unitPrice } = change
      after.push(item(1_000 + after.length, sku, { unitCost, unitPrice }))
    }
    if (change?.kind === 'updateCatalogItem')
      after = after.map((each) =>
        each.id === change.catalogItemId
          ? { ...each, ...change.after, vendorSku: change.vendorSku?.after ?? each.vendorSku }
          : each,
      )
  }
  return after
}

/** What a person may have set, which no sync touches. */
const untouched = (catalog: readonly CatalogEntry[]) =>
  catalog.map(({ id, identifier, description, vendorSku, inactive, taxable }) => ({
    id,
    identifier,
    description,
    vendorSku,
    inactive,
    taxable,
  }))

describe('a catalog item that cannot be read', () => {
  const odd = (vendorSku: string | null) => ({
    id: 9,
    record: 'SKU-9',
    reason: 'Unit Cost is missing',
    vendorSku,
  })
  const products = [product('A:1'), product('B:1'), product('C:1')]
  const catalog = [item(1, 'A:1'), item(2, 'B:1', { unitCost: money('9') })]

  it('is neither created again nor written to, and no other product minds', () => {
    expect(states({ products, catalog, unreadable: [odd(' c:1 ')] })).toEqual([
      'A:1 same',
      'B:1 change',
      'C:1 unreadable',
    ])
    expect(states({ products, catalog, unreadable: [odd('b:1')] })).toEqual([
      'A:1 same',
      'B:1 unreadable',
      'C:1 create',
    ])
    const [, , made] = planned({ products, catalog, unreadable: [odd('C:1')] })
    expect(made).toMatchObject({ change: null, unreadable: { record: 'SKU-9' } })
  })

  it('and whose SKU cannot be read either may be any that would be created', () => {
    const mode = 'in-use'
    const inUse = new Set([skuKey('c:1')])
    expect(states({ products, catalog, unreadable: [odd(null)] })).toEqual([
      'A:1 same',
      'B:1 change',
      'C:1 unreadable',
    ])
    expect(
      states({ products: [...products, product('D:1')], catalog, mode, inUse, unreadable: [odd(null)] }),
    ).toEqual(['A:1 same', 'B:1 change', 'C:1 unreadable', 'D:1 not-in-use'])
  })
})
