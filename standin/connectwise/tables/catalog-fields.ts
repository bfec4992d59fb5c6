import {
  computed,
  date,
  flag,
  integer,
  list,
  number,
  object,
  oneOf,
  reference,
  required,
  text,
} from '../fields.ts'
import * as inferred from '../inferred.ts'
import { billableOrNoDefault, each, type Fields, invoicingCycles } from './values.ts'

export const catalogFields: Fields = {
  identifier: text(60, { required: true, unique: inferred.catalogIdentifierTaken }),
  description: text(60, required),
  subcategory: reference('subcategories', 'name', required),
  type: reference('productTypes', 'name', required),
  customerDescription: text(6000, required),
  category: reference('categories', 'name'),
  unitOfMeasure: reference('unitOfMeasures', 'name'),
  productClass: oneOf(['Agreement', 'Bundle', 'Inventory', 'NonInventory', 'Service'], {
    standard: 'NonInventory',
  }),
  ...each('price cost recurringRevenue recurringCost markupPercentage', number()),
  ...each('calculatedPrice calculatedCost', number(computed)),
  minStockLevel: integer(),
  dateEntered: date(computed),
  priceAttribute: oneOf(['FixedFee', 'NotToExceed', 'OverrideRate', 'TimeAndMaterials']),
  ...each('inactiveFlag taxableFlag serializedFlag serializedCostFlag dropShipFlag', flag()),
  ...each('specialOrderFlag phaseProductFlag recurringFlag recurringOneTimeFlag markupFlag', flag()),
  ...each('calculatedPriceFlag calculatedCostFlag autoUpdateUnitCostFlag autoUpdateUnitPriceFlag', flag()),
  ...each('manufacturerPartNumber vendorSku integrationXRef', text(50)),
  notes: text(),
  ...each('manufacturer vendor sla entityType', object()),
  recurringBillCycle: reference('billingCycles', 'name'),
  recurringCycleType: oneOf(invoicingCycles),
  billableOption: oneOf(billableOrNoDefault),
  customFields: list(),
}

export const subcategoryFields: Fields = {
  name: text(50, required),
  inactiveFlag: flag(),
  integrationXref: text(50),
  defaultFlag: flag(),
}

export const categoryFields: Fields = {
  ...subcategoryFields,
  priceLevelXref: text(10),
  locationIds: list(),
  ...each('addAllLocations removeAllLocations', flag()),
}

export const productTypeFields: Fields = {
  name: text(50, required),
  typeXref: oneOf(['InventoryPart', 'NonInventoryPart', 'OtherCharge', 'Service']),
  inactiveFlag: flag(),
  defaultFlag: flag(),
}

export const unitOfMeasureFields: Fields = {
  name: text(50, required),
  inactiveFlag: flag(),
  defaultFlag: flag(),
  uomScheduleXref: text(31),
}
