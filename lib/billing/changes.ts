/** What a plan can change, and why. */
import { z } from 'zod'
import {
  additionFields,
  additionSchema,
  billCustomerSchema,
  carriedLineSchema,
  lotSchema,
} from './records.ts'
import { daySchema, moneySchema, periodSchema, quantitySchema } from './values.ts'

/** Why a change is made; `explain` turns it into a sentence. */
export const reasonSchema = z.discriminatedUnion('rule', [
  z.object({ rule: z.literal('adopt') }),
  z.object({ rule: z.literal('month-end'), cancelledDate: daySchema }),
  z.object({ rule: z.literal('start'), day: daySchema, to: quantitySchema }),
  z.object({ rule: z.literal('step'), day: daySchema, from: quantitySchema, to: quantitySchema }),
  z.object({ rule: z.literal('replace'), day: daySchema, to: quantitySchema }),
  z.object({ rule: z.literal('next'), day: daySchema, to: quantitySchema }),
  z.object({ rule: z.literal('gone'), period: periodSchema }),
  z.object({ rule: z.literal('azure'), period: periodSchema }),
  z.object({ rule: z.literal('rounding'), period: periodSchema }),
  z.object({ rule: z.literal('credit'), first: daySchema, last: daySchema }),
  z.object({ rule: z.literal('credit-gone'), period: periodSchema }),
  z.object({ rule: z.literal('moved'), period: periodSchema }),
  z.object({ rule: z.literal('missing-product') }),
  z.object({ rule: z.literal('unchanged') }),
  z.object({ rule: z.literal('answered') }),
  z.object({ rule: z.literal('undone') }),
  z.object({ rule: z.literal('set-back') }),
  z.object({ rule: z.literal('adjusted'), through: daySchema }),
  z.object({ rule: z.literal('annual-line'), first: daySchema, last: daySchema }),
  z.object({ rule: z.literal('annual-credit'), invoiceId: z.string(), first: daySchema }),
  z.object({ rule: z.literal('annual-taken-back'), invoiceId: z.string() }),
])
export type Reason = z.infer<typeof reasonSchema>

/** An addition to be created; `sku` names the product, `catalogItemId` is known where the item exists already. */
export const additionDraftSchema = z.object({
  ...additionFields,
  catalogItemId: z.number().int().nullable(),
  sku: z.string(),
  effectiveDate: daySchema,
})
export type AdditionDraft = Readonly<z.infer<typeof additionDraftSchema>>

/** Quantity, first day and how it is billed are set only to set back what a person edited. */
const additionPatchSchema = z.object({
  serialNumber: z.string().optional(),
  quantity: quantitySchema.optional(),
  lessIncluded: quantitySchema.optional(),
  effectiveDate: daySchema.optional(),
  billCustomer: billCustomerSchema.optional(),
  cancelledDate: daySchema.nullable().optional(),
  unitCost: moneySchema.optional(),
  unitPrice: moneySchema.optional(),
})
export type AdditionPatch = z.infer<typeof additionPatchSchema>

export const createChangeSchema = z.object({
  kind: z.literal('create'),
  reason: reasonSchema,
  addition: additionDraftSchema,
  lots: z.array(lotSchema),
  /** The one line that it carries: on a One-Time agreement, and of a credit. */
  carries: carriedLineSchema.optional(),
})
export const endChangeSchema = z.object({
  kind: z.literal('end'),
  reason: reasonSchema,
  additionId: z.number().int(),
  before: additionSchema,
  cancelledDate: daySchema,
})
export const updateChangeSchema = z.object({
  kind: z.literal('update'),
  reason: reasonSchema,
  additionId: z.number().int(),
  before: additionSchema,
  set: additionPatchSchema,
  /** Present where the change adopts the addition. */
  lots: z.array(lotSchema).optional(),
})
export const deleteChangeSchema = z.object({
  kind: z.literal('delete'),
  reason: reasonSchema,
  additionId: z.number().int(),
  before: additionSchema,
})
export const createCatalogItemChangeSchema = z.object({
  kind: z.literal('createCatalogItem'),
  reason: reasonSchema,
  sku: z.string(),
  identifier: z.string(),
  description: z.string(),
  customerDescription: z.string(),
  unitCost: moneySchema,
  unitPrice: moneySchema,
  category: z.string(),
  subcategory: z.string(),
  productType: z.string(),
  unitOfMeasure: z.string(),
  taxable: z.boolean(),
})
export const keepChangeSchema = z.object({
  kind: z.literal('keep'),
  reason: reasonSchema,
  additionId: z.number().int(),
  addition: additionSchema,
  /** Present where keeping it adopts it: it carries the serial number already, so nothing is written. */
  lots: z.array(lotSchema).optional(),
  carries: carriedLineSchema.optional(),
})
export const changeSchema = z.discriminatedUnion('kind', [
  createChangeSchema,
  endChangeSchema,
  updateChangeSchema,
  deleteChangeSchema,
  createCatalogItemChangeSchema,
  keepChangeSchema,
])
export type Change = z.infer<typeof changeSchema>
export type CreateChange = z.infer<typeof createChangeSchema>
export type EndChange = z.infer<typeof endChangeSchema>
export type UpdateChange = z.infer<typeof updateChangeSchema>
export type CreateCatalogItemChange = z.infer<typeof createCatalogItemChangeSchema>
/** A change of an addition that is written to ConnectWise (all but `keep` and `createCatalogItem`). */
export type AdditionWrite = Exclude<Change, { kind: 'keep' | 'createCatalogItem' }>
