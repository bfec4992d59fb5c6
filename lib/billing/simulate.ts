/**
 * What ConnectWise would hold, and our ledger know, once changes are applied. A preview of several periods plans each on the
 * simulated result of the one before.
 */
import { skuKey } from './keys.ts'
import type {
  Addition,
  CatalogItem,
  Change,
  CreateCatalogItemChange,
  Lot,
  OwnedAddition,
  Situation,
} from './types.ts'

/** The part of a situation that changes are applied to. */
export type World = Pick<Situation, 'additions' | 'owned' | 'catalog' | 'invoices'>

const nextId = (all: readonly { readonly id: number }[]): number =>
  all.reduce((highest, { id }) => Math.max(highest, id), 0) + 1

/** An id that no addition has or ever had, as far as it is known: one that was deleted keeps what was billed of it. */
const newAdditionId = ({ additions, owned, invoices = [] }: World): number =>
  nextId([
    ...additions,
    ...owned.map(({ additionId: id }) => ({ id })),
    ...invoices.flatMap((each) => each.additions),
  ])

const own = (
  owned: readonly OwnedAddition[],
  additionId: number,
  lots: readonly Lot[],
  { created = false, carries }: Partial<Pick<OwnedAddition, 'created' | 'carries'>> = {},
): OwnedAddition[] => {
  const known = owned.find((each) => each.additionId === additionId)
  const line = carries ?? known?.carries
  return [
    ...owned.filter((each) => each !== known),
    {
      additionId,
      lots,
      created: created || known?.created === true,
      ...(line === undefined ? {} : { carries: line }),
    },
  ]
}

const replace = (additions: readonly Addition[], id: number, patch: Partial<Addition>): Addition[] =>
  additions.map((addition) => (addition.id === id ? { ...addition, ...patch } : addition))

const createItem = (world: World, change: CreateCatalogItemChange): World => {
  const item: CatalogItem = {
    id: nextId(world.catalog),
    identifier: change.identifier,
    vendorSku: change.sku,
    inactive: false,
    taxable: change.taxable,
  }
  return { ...world, catalog: [...world.catalog, item] }
}

const itemIdOf = (world: World, sku: string): number =>
  world.catalog.find((item) => skuKey(item.vendorSku) === skuKey(sku))?.id ?? 0

/** Applies one change. A new addition or item gets an id that none had. */
export const simulateChange = (world: World, change: Change): World => {
  switch (change.kind) {
    case 'createCatalogItem':
      return createItem(world, change)
    case 'create': {
      const { sku, catalogItemId, ...fields } = change.addition
      const id = newAdditionId(world)
      const addition: Addition = { ...fields, id, catalogItemId: catalogItemId ?? itemIdOf(world, sku) }
      return {
        ...world,
        additions: [...world.additions, addition],
        owned: own(world.owned, id, change.lots, {
          created: true,
          ...(change.carries === undefined ? {} : { carries: change.carries }),
        }),
      }
    }
    case 'end':
      return {
        ...world,
        additions: replace(world.additions, change.additionId, { cancelledDate: change.cancelledDate }),
      }
    case 'update': {
      const patch = Object.fromEntries(Object.entries(change.set).filter(([, value]) => value !== undefined))
      return {
        ...world,
        additions: replace(world.additions, change.additionId, patch),
        owned: change.lots ? own(world.owned, change.additionId, change.lots) : world.owned,
      }
    }
    case 'delete':
      return { ...world, additions: world.additions.filter(({ id }) => id !== change.additionId) }
    case 'keep':
      return change.lots
        ? {
            ...world,
            owned: own(
              world.owned,
              change.additionId,
              change.lots,
              change.carries === undefined ? {} : { carries: change.carries },
            ),
          }
        : world
  }
}

export const simulate = <W extends World>(world: W, changes: readonly Change[]): W => {
  let after: World = world
  for (const change of changes) after = simulateChange(after, change)
  return { ...world, ...after }
}
