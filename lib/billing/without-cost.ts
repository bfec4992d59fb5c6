/** A plan, or anything else that is shown, without what rhipe charges: for who may see the customer's prices alone. Free of libraries. */

/** The fields that hold it, wherever they are; `charge` is all that a line of an annual invoice charges. */
export const costFields = ['cost', 'unitCost', 'charge'] as const
type CostField = (typeof costFields)[number]

/** `T` as it is shown: what rhipe charges may have been left out, at any depth. */
export type CostOptional<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly unknown[]
    ? { [I in keyof T]: CostOptional<T[I]> }
    : { [K in keyof T as K extends CostField ? never : K]: CostOptional<T[K]> } & {
        [K in keyof T as K extends CostField ? K : never]?: T[K] | undefined
      }

/** A copy without the fields, and without the figures where a finding names them in words. */
export function withoutCost<T>(value: T): CostOptional<T> {
  return stripped(value) as CostOptional<T>
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => !costFields.includes(name as CostField))
  const kept = Object.fromEntries(entries.map(([name, part]) => [name, stripped(part)]))
  return 'message' in kept || 'detail' in kept ? { ...kept, ...saidWithout(kept) } : kept
}

/** Texts of findings that name a cost: of a price that changed (F6) or is cut, and of a line that cannot be read. */
function saidWithout({ code, message, detail }: Readonly<Record<string, unknown>>): object {
  return {
    // It is the cost less a price that is shown.
    ...(code === 'price-below-cost' || code === 'price-below-margin' ? { amount: undefined } : {}),
    ...(typeof message === 'string' ? { message: messageWithout(code, message) } : {}),
    ...(typeof detail === 'string'
      ? {
          detail: detail
            .replaceAll(/ \(cost [^)]*\)/g, '')
            .replace(/(column (?:UnitPrice|SubTotal)): .*?\.(?= It)/, '$1 cannot be read.'),
        }
      : {}),
  }
}

function messageWithout(code: unknown, message: string): string {
  if (code === 'cost-price-changed') return message.replace(/ from .* to .* on /, ' on ')
  if (code === 'price-below-cost')
    return message.replace(/ a unit and costs .*$/, ' a unit, less than it costs')
  // It may be either price's.
  return code === 'price-cut' ? 'A unit price is written with fewer digits than PRISM’s' : message
}
