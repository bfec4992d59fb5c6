/**
 * `instanceof` for errors that go from one bundle to another. Next may evaluate a module once for each bundle, and the process
 * holds its clients and its pool once: what a client throws that a route made is, for a page, of another class of that name.
 */

interface Branded {
  /** The class's name, which the bundler shortens, once more; each class that is asked for across bundles has its own. */
  readonly brand: string
}

/** Whether the value is of the class, or of its other evaluation; a class without a brand of its own is only itself. */
export function isOfBrand(
  kind: Branded & (abstract new (...given: never[]) => unknown),
  value: unknown,
): boolean {
  if (Function.prototype[Symbol.hasInstance].call(kind, value)) return true
  return Object.hasOwn(kind, 'brand') && brandsOf(value).includes(kind.brand)
}

function brandsOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  const brands: unknown[] = []
  for (let at: unknown = Object.getPrototypeOf(value); isObject(at); at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at, 'constructor') && Object.hasOwn(at.constructor, 'brand'))
      brands.push((at.constructor as unknown as Branded).brand)
  return brands
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
