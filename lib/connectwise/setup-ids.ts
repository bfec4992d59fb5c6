/** Whether a new catalog item can be created with the default set-up records, in the exact words of D7 where not. */
import type { CatalogDefaults } from '#lib/billing/types.ts'
import type { SetupIds, SetupRecord, SetupRecords } from './values.ts'

export type SetupCheck =
  | { readonly usable: true; readonly ids: SetupIds }
  /** `message` is D7's, exact; `detail` says whether the record is missing or inactive. */
  | { readonly usable: false; readonly message: string; readonly detail: string }

/** D7 has no message of its own for the category: without it, its sub-category is not to be found either. */
export function checkSetup(
  records: SetupRecords,
  names: Pick<CatalogDefaults, keyof SetupRecords>,
): SetupCheck {
  const { category, subcategory, productType, unitOfMeasure } = records
  if (!usable(category))
    return missing('sub-category', names.subcategory, why('category', names.category, category))
  if (!usable(subcategory))
    return missing('sub-category', names.subcategory, why('sub-category', names.subcategory, subcategory))
  if (!usable(productType))
    return missing('type', names.productType, why('type', names.productType, productType))
  if (!usable(unitOfMeasure))
    return missing(
      'unit of measure',
      names.unitOfMeasure,
      why('unit of measure', names.unitOfMeasure, unitOfMeasure),
    )
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

function why(kind: string, name: string, record: SetupRecord | null): string {
  return `The product ${kind} '${name}' ${record === null ? 'does not exist' : 'is inactive'} in ConnectWise.`
}
