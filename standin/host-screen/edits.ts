/** What the host screen's forms write: as the member who is signed in, with the checks that the API has. */
import { notFound, refuse } from '../connectwise/errors.ts'
import type { Collection } from '../connectwise/fields.ts'
import type { Row } from '../connectwise/records.ts'
import { tableOf } from '../connectwise/resources.ts'
import type { Store } from '../connectwise/store.ts'
import { textOf } from '../connectwise/text-of.ts'
import { create, patch, remove } from '../connectwise/writing.ts'
import type { Incoming } from '../http/incoming.ts'
import { json, noContent, type Reply } from '../http/reply.ts'
import type { Router } from '../http/router.ts'

export interface EditOptions {
  readonly store: Store
  /** A record as the screens read it. */
  readonly shown: (collection: Collection, row: Row) => unknown
}

export function addEdits(router: Router, { store, shown }: EditOptions): void {
  const recordOf = (collection: Collection, id: string | undefined): Row => {
    const row = store.get(collection, Number(id))
    if (row === undefined) throw notFound(`${tableOf(collection).name} ${id}`)
    return row
  }
  const additionOf = (agreementId: string | undefined, id: string | undefined): Row => {
    const row = recordOf('additions', id)
    if (String(row.agreementId) !== agreementId) throw notFound(`addition ${id}`)
    return row
  }
  const add = (collection: Collection, parent: Row | null, incoming: Incoming): Reply => {
    const row = create(tableOf(collection), incoming.json(), parent, store, memberOf(incoming, store))
    return json(shown(collection, row), 201)
  }
  const change = (collection: Collection, row: Row, incoming: Incoming): Reply => {
    const by = memberOf(incoming, store)
    return json(shown(collection, patch(tableOf(collection), row, operations(incoming.json()), store, by)))
  }

  router
    .on('GET', '/host/choices', () => json(choices(store)))
    .on('GET', '/host/catalog', () => json(store.all('catalog').map((row) => shown('catalog', row))))
    .on('POST', '/host/catalog', (incoming) => add('catalog', null, incoming))
    .on('PATCH', '/host/catalog/:id', (incoming, { id }) =>
      change('catalog', recordOf('catalog', id), incoming),
    )
    .on('PATCH', '/host/agreements/:id', (incoming, { id }) =>
      change('agreements', recordOf('agreements', id), incoming),
    )
    .on('POST', '/host/agreements/:id/additions', (incoming, { id }) =>
      add('additions', recordOf('agreements', id), incoming),
    )
    .on('PATCH', '/host/agreements/:agreementId/additions/:id', (incoming, { agreementId, id }) =>
      change('additions', additionOf(agreementId, id), incoming),
    )
    .on('DELETE', '/host/agreements/:agreementId/additions/:id', (incoming, { agreementId, id }) => {
      remove(tableOf('additions'), additionOf(agreementId, id), store, memberOf(incoming, store))
      return noContent
    })
}

/** A form's fields as the API's PATCH takes them; an emptied one is null. */
function operations(fields: unknown): unknown {
  return Object.entries(fields ?? {}).map(([path, value]) => ({ op: 'replace', path, value }))
}

/** Who is signed in, by the screen's own header. Throws the 401 where it is nobody. */
function memberOf(incoming: Incoming, store: Store): string {
  const named = incoming.header('x-member')
  const member = store.all('members').find(({ identifier }) => identifier === named)
  if (member === undefined) throw refuse(401, 'Unauthorized', 'Choose who is signed in.')
  return textOf(member.identifier)
}

/** What the forms offer in their lists. */
function choices(store: Store) {
  const named = (collection: Collection) => store.all(collection).map(({ id, name }) => ({ id, name }))
  return {
    products: store
      .all('catalog')
      .filter(({ inactiveFlag, productClass }) => inactiveFlag !== true && productClass !== 'Bundle')
      .map(({ id, identifier, description }) => ({ id, identifier, description })),
    billingCycles: named('billingCycles'),
    currencies: named('currencies'),
    subcategories: named('subcategories'),
    productTypes: named('productTypes'),
  }
}
