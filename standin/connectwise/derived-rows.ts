/** Records that are made when they are asked for (docs/facts/connectwise.md, "Forecast"). */

import { areas, levels } from './areas.ts'
import { auditedTypes } from './audit-trail.ts'
import type { ApiContext } from './context.ts'
import { invalidObject } from './errors.ts'
import type { Collection, DerivedCollection } from './fields.ts'
import { agreementRecap } from './forecast.ts'
import * as inferred from './inferred.ts'
import { glEntries } from './invoice-answers.ts'
import type { Row } from './records.ts'

export interface Asked {
  /** The record above, where the path runs through one. */
  readonly parent: Row | null
  readonly query: URLSearchParams
}

export const derivedRows: Readonly<Record<DerivedCollection, (context: ApiContext, asked: Asked) => Row[]>> =
  {
    agreementRecaps: ({ store, clock, unknowns }) =>
      store
        .all('agreements')
        .map((row) => agreementRecap(row, { store, today: clock.today(), unknowns: unknowns.now() })),
    glEntries: ({ store, unknowns }, { parent }) => {
      const invoice = store.invoices.find(({ id }) => id === parent?.id)
      const agreement = store.get('agreements', invoice?.agreementId ?? -1)
      return invoice && agreement ? glEntries(invoice, agreement, unknowns.now()) : []
    },
    mySecurity: (context) => mySecurity(context),
    auditTrail: ({ auditTrail }, { query }) => {
      const [collection, id] = auditedRecord(query)
      return auditTrail.of(collection, id).map((entry, index) => ({ id: index + 1, ...entry }))
    },
  }

export function isDerived(collection: Collection): collection is DerivedCollection {
  return collection in derivedRows
}

/** What the caller's own role allows; a function that is limited item by item is one row. */
function mySecurity({ role }: ApiContext): Row[] {
  const functions = Map.groupBy(areas, (area) => {
    const { module, functionName } = inferred.securityParts(area)
    return `${module}/${functionName}`
  })
  return [...functions].map(([name, held], index) => {
    const { module, functionName } = inferred.securityParts(held[0] ?? areas[0])
    const allowed = (level: (typeof levels)[number]) => held.filter((area) => role.allows(area, level)).length
    const levelOf = Object.fromEntries(
      levels.map((level) => [`${level.toLowerCase()}Level`, allowed(level) > 0 ? 'All' : 'None']),
    )
    return {
      id: index + 1,
      ...levelOf,
      moduleName: module,
      moduleDescription: module,
      moduleIdentifier: module,
      moduleFunctionName: functionName,
      moduleFunctionDescription: functionName,
      moduleFunctionIdentifier: name,
      restrictFlag: levels.some((level) => allowed(level) < held.length),
      sortOrder: index + 1,
    }
  })
}

/**
 * The record that `?type=…&id=…` names. Throws the 400 where one of them is missing
 * (docs/facts/connectwise.md, "Errors").
 */
function auditedRecord(query: URLSearchParams): [Collection, number] {
  const type = query.get('type') ?? ''
  const named = Object.keys(auditedTypes).find((one) => one.toLowerCase() === type.toLowerCase())
  const resource = type === '' ? 'auditTrail' : type.charAt(0).toLowerCase() + type.slice(1)
  const missing = (message: string, field: string) =>
    invalidObject(resource, [{ code: 'MissingRequiredField', message, resource, field }])
  const collection = named === undefined ? undefined : auditedTypes[named]
  if (collection === undefined) throw missing(inferred.auditTypeMissing, 'type')
  const id = query.get('id') ?? ''
  if (!/^\d+$/.test(id)) throw missing('id or deviceIdentifier is required.', 'id')
  return [collection, Number(id)]
}
