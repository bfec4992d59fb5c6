/** Whether a new catalog item can be created with the default set-up records, in the exact words of D7 where not. */
import type { SetAside } from '#lib/base/records.ts'
import type { CatalogDefaults } from '#lib/billing/types.ts'
import type { SetupIds, SetupKind, SetupRecord, SetupRecords } from './values.ts'

export type SetupCheck =
  | { readonly usable: true; readonly ids: SetupIds }
  /** `message` is D7's, exact; `detail` says whether the record is missing or inactive. */
  | { readonly usable: false; readonly message: string; readonly detail: string }

/** D7 has no message of its own for the category: without it, its sub-category is not to be found either. */
export function checkSetup(records: SetupRecords, names: Pick<CatalogDefaults, SetupKind>): SetupCheck {
  const { category, subcategory, productType, unitOfMeasure } = records
  const why = (kind: SetupKind): string =>
    whyNot(words[kind], names[kind], records[kind], records.unreadable[kind])
  if (!usable(category)) return missing('sub-category', names.subcategory, why('category'))
  if (!usable(subcategory)) return missing('sub-category', names.subcategory, why('subcategory'))
  if (!usable(productType)) return missing('type', names.productType, why('productType'))
  if (!usable(unitOfMeasure)) return missing('unit of measure', names.unitOfMeasure, why('unitOfMeasure'))
  return {
    usable: true,
    ids: {
      category: category.id,
      subcategory: subcategory.id,
      productType: productType.id,
      unitOfMeasure: unitOfMeasure.id,
    },
  }
}

function usable(record: SetupRecord | null): record is SetupRecord {
  return record !== null && !record.inactive
}

function missing(kind: string, name: string, detail: string): SetupCheck {
  const message = `Unable to find the default product ${kind} of '${name}' when adding a new product`
  return { usable: false, message, detail }
}

const words = {
  category: 'category',
  subcategory: 'sub-category',
  productType: 'type',
  unitOfMeasure: 'unit of measure',
} as const satisfies Record<SetupKind, string>

function whyNot(
  kind: string,
  name: string,
  record: SetupRecord | null,
  unreadable: SetAside | undefined,
): string {
  const what = `The product ${kind} '${name}'`
  if (unreadable !== undefined)
    return `${what} cannot be read in ConnectWise (${unreadable.record}): ${unreadable.reason}.`
  return `${what} ${record === null ? 'does not exist' : 'is inactive'} in ConnectWise.`
}
