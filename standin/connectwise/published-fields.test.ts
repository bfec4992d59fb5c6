/** The tables against the models that ConnectWise publishes: every field of the specification of 2022.1 is known here. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Field } from './fields.ts'
import { myMemberInfo, type Resource, resources, tableOf } from './resources.ts'

const library = dirname(createRequire(import.meta.url).resolve('connectwise-rest'))
const published = readFileSync(join(library, 'ManageTypes.d.ts'), 'utf8').replaceAll('\r', '')

interface Published {
  readonly name: string
  readonly type: string
  readonly longest: number | undefined
  readonly format: string | undefined
}

/** The fields of a model, from the library's generated types. */
function model(name: string): Published[] {
  const key = /^\w+$/.test(name) ? name : `"${name}"`
  const start = published.indexOf(`\n        ${key}: {\n`)
  const body = published.slice(start, published.indexOf('\n        };', start))
  const field = /((?: {12}\/\*\*[^]*?\*\/\n)?) {12}(\w+)\??: (.*)/g
  return [...body.matchAll(field)].map(([, comment = '', fieldName = '', type = '']) => {
    const longest = /Max length: (\d+)/.exec(comment)?.[1]
    return {
      name: fieldName,
      type,
      longest: longest === undefined ? undefined : Number(longest),
      format: /Format: ([\w-]+)/.exec(comment)?.[1],
    }
  })
}

/** Kinds that a published type may have in a table. */
function kindsOf({ type, format }: Published): readonly Field['kind'][] {
  if (format === 'int32') return ['integer']
  if (format === 'double') return ['number']
  if (format === 'date-time') return ['date']
  if (type.includes('[]')) return ['list']
  if (type.startsWith('boolean')) return ['boolean']
  if (type.startsWith('string')) return ['text', 'date', 'enum']
  return type.startsWith('(') ? ['enum'] : ['object', 'reference']
}

const lastTable = (collection: Resource['collection']): Resource =>
  resources.findLast((resource) => resource.collection === collection) ?? tableOf(collection)

const models: Readonly<Record<string, Resource>> = {
  Company: tableOf('companies'),
  CompanyStatus: tableOf('companyStatuses'),
  CompanyType: tableOf('companyTypes'),
  Contact: tableOf('contacts'),
  Agreement: tableOf('agreements'),
  AgreementType: tableOf('agreementTypes'),
  Addition: tableOf('additions'),
  'Agreement.Adjustment': tableOf('adjustments'),
  BillingCycle: tableOf('billingCycles'),
  Invoice: tableOf('invoices'),
  TaxCode: tableOf('taxCodes'),
  CurrencyReference: tableOf('currencies'),
  CatalogItem: tableOf('catalog'),
  Category: tableOf('categories'),
  SubCategory: lastTable('subcategories'),
  ProductType: tableOf('productTypes'),
  UnitOfMeasure: tableOf('unitOfMeasures'),
  ConnectWiseHostedSetup: tableOf('hostedSetups'),
  ConnectWiseHostedScreen: tableOf('hostedScreens'),
  Member: tableOf('members'),
  MyMemberInfo: myMemberInfo,
  MySecurity: tableOf('mySecurity'),
  AuditTrailEntry: tableOf('auditTrail'),
  CallbackEntry: tableOf('callbacks'),
}

describe('the tables of fields', () => {
  it.each(Object.keys(models))('know every field of the published %s, by its type and length', (name) => {
    const fields = model(name).filter((field) => field.name !== 'id' && field.name !== '_info')
    expect(fields.length).toBeGreaterThan(1)
    const table = models[name]?.fields ?? {}
    const wrong = fields.filter((field) => {
      const held = table[field.name]
      return (
        held === undefined || !kindsOf(field).includes(held.kind) || (field.longest ?? held.max) !== held.max
      )
    })
    expect(wrong).toEqual([])
  })
})
