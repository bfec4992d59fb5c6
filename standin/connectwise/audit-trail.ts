/**
 * Who changed what (docs/facts/connectwise.md, "Permissions and audit": `GET
 * /system/audittrail?type=AgreementAddition&id=…`).
 */
import type { Collection } from './fields.ts'
import * as inferred from './inferred.ts'
import type { Change, Row } from './records.ts'
import type { Store } from './store.ts'

/** What `type` of the request may be (spec), and whose records it names here. */
export const auditedTypes: Readonly<Record<string, Collection>> = {
  Agreement: 'agreements',
  AgreementAddition: 'additions',
  Company: 'companies',
  Contact: 'contacts',
  Invoice: 'invoices',
  ProductCatalog: 'catalog',
}

export interface AuditEntry {
  readonly text: string
  /** `YYYY-MM-DDTHH:mm:ssZ`. */
  readonly enteredDate: string
  /** API keys or a member's identifier. */
  readonly enteredBy: string
  readonly auditType: string
  readonly auditSubType: string
  readonly auditSource: string
}

export interface AuditTrail {
  /** Of one record, the newest first; a deleted one's, too. */
  of(collection: Collection, id: number): readonly AuditEntry[]
  reset(): void
}

const kept = 20_000

interface Noted {
  readonly collection: Collection
  readonly id: number
  readonly entry: AuditEntry
}

export function createAuditTrail(store: Store, now: () => Date): AuditTrail {
  let noted: Noted[] = []
  store.watch((change) => {
    const auditType = Object.keys(auditedTypes).find((type) => auditedTypes[type] === change.collection)
    if (auditType === undefined) return
    const enteredDate = `${now().toISOString().slice(0, 19)}Z`
    for (const text of textsOf(change))
      noted.push({
        collection: change.collection,
        id: change.row.id,
        entry: {
          text,
          enteredDate,
          enteredBy: change.by,
          auditType,
          auditSubType: inferred.auditSubTypes[change.action],
          auditSource: inferred.auditSource,
        },
      })
    if (noted.length > 2 * kept) noted = noted.slice(-kept)
  })
  return {
    of: (collection, id) =>
      noted
        .filter((one) => one.collection === collection && one.id === id)
        .map(({ entry }) => entry)
        .reverse(),
    reset() {
      noted = []
    },
  }
}

/** One text a changed field, one for a new or deleted record. */
function textsOf({ action, row, before }: Change): string[] {
  if (action !== 'updated' || before === null) return [inferred.auditTexts[action](row.id)]
  return changedFields(before.row, row).map((name) =>
    inferred.auditTexts.field(name, before.row[name], row[name]),
  )
}

function changedFields(before: Row, after: Row): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter(
    (name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null),
  )
}
