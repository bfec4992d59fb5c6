/** How the fields of a resource are described: the tables in resources.ts are made of these. */

export type FieldKind =
  | 'text'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'enum'
  | 'reference'
  | 'list'
  | 'object'

export interface Field {
  readonly kind: FieldKind
  readonly required?: boolean
  /** An update must have it, though a new record need not (docs/facts/connectwise.md, "Records"). */
  readonly requiredOnUpdate?: boolean
  /** Longest text, in characters. */
  readonly max?: number
  readonly range?: readonly [number, number]
  readonly values?: readonly string[]
  /** The collection that a reference points into, and the label it is shown and found by beside its id. */
  readonly to?: Collection
  readonly label?: 'name' | 'identifier'
  /** The collection that a number must be an id of. */
  readonly idOf?: Collection
  /** Value of a new record that does not name the field, of PUT, and of a seeded record that leaves it out. */
  readonly standard?: unknown
  /** Made by ConnectWise: what a client writes is ignored. */
  readonly computed?: boolean
  /** No two records may have the same (case ignored); the message of the refusal. */
  readonly unique?: string
  /** Never shown (secrets of this stand-in's seed). */
  readonly hidden?: boolean
}

export type Collection =
  | 'companies'
  | 'companyStatuses'
  | 'companyTypes'
  | 'contacts'
  | 'agreements'
  | 'agreementTypes'
  | 'additions'
  | 'billingCycles'
  | 'catalog'
  | 'categories'
  | 'subcategories'
  | 'productTypes'
  | 'unitOfMeasures'
  | 'hostedSetups'
  | 'hostedScreens'
  | 'members'
  | 'callbacks'
  | 'taxCodes'
  | 'currencies'
  | 'adjustments'
  | 'invoices'
  | DerivedCollection

/** Made when they are asked for, never stored. */
export type DerivedCollection = 'agreementRecaps' | 'glEntries' | 'mySecurity' | 'auditTrail'

type More = Omit<Field, 'kind'>

export const text = (max?: number, more: More = {}): Field => ({
  kind: 'text',
  ...(max === undefined ? {} : { max }),
  ...more,
})
export const number = (more: More = {}): Field => ({ kind: 'number', ...more })
export const integer = (more: More = {}): Field => ({ kind: 'integer', ...more })
export const flag = (standard = false): Field => ({ kind: 'boolean', standard })
export const date = (more: More = {}): Field => ({ kind: 'date', ...more })
export const oneOf = (values: readonly string[], more: More = {}): Field => ({
  kind: 'enum',
  values,
  ...more,
})
export const reference = (to: Collection, label: 'name' | 'identifier', more: More = {}): Field => ({
  kind: 'reference',
  to,
  label,
  ...more,
})
export const list = (more: More = {}): Field => ({ kind: 'list', ...more })
/** A nested object that this stand-in keeps without looking inside (currency, site, ...). */
export const object = (more: More = {}): Field => ({ kind: 'object', ...more })
export const required = { required: true } as const
export const computed = { computed: true } as const
