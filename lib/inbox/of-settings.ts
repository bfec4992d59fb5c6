/** What stops a whole program, products that failed, and people who want in. */
import { peopleWaiting } from '#db/people/people.ts'
import { programSettings } from '#db/prism/programs.ts'
import { lastProductRun, productResultsOf } from '#db/runs/product-runs.ts'
import { productCause } from '#lib/billing/open-points.ts'
import { programs } from '#lib/programs/registry.ts'

import type { InboxItem } from './item.ts'
import { letIn, pickAgreement } from './settings-actions.ts'
import { groupOf, nobody, type Source, smallSource } from './source.ts'
import { syncProducts } from './sync-actions.ts'

/** F14: as the last look at PRISM said. */
export const contractAgreement: Source = smallSource(
  ['contract-agreement'],
  async (ctx, { agreementIds }) => {
    const { db, organisationId, program } = ctx
    const settings = agreementIds === null ? await programSettings(db, organisationId, program) : null
    if (settings === null || settings.lastCheckedAt === null) return []
    if (settings.lastCheckCode !== 'contract-agreement-unclear') return []
    const of = {
      kind: 'contract-agreement',
      cause: 'contract-agreement',
      since: settings.lastCheckedAt,
      remedy: 'Pick the contract agreement whose invoices are synced.',
    } as const
    const item: InboxItem = {
      ...of,
      key: 'contract-agreement',
      program,
      of: nobody,
      months: null,
      money: null,
      says: settings.lastCheckError ?? '',
      detail: '',
      actions: [pickAgreement(program)],
      asked: null,
      compared: null,
    }
    return [{ group: groupOf(ctx, { ...of, count: 1, customers: 0, amount: null }), items: () => [item] }]
  },
)

/** Products of which the last sync of products said something, whether or not a customer has one. */
export const products: Source = smallSource(['product'], async (ctx, { agreementIds }) => {
  const { db, organisationId, program } = ctx
  const run = agreementIds === null ? await lastProductRun(db, organisationId, program) : null
  if (run === null || run.finishedAt === null) return []
  const since = run.finishedAt
  const failed = (await productResultsOf(db, organisationId, run.id)).filter(({ what }) => what === 'failed')
  return failed.map(({ sku, name, message, remedy }) => {
    const of = { kind: 'product', cause: productCause(name), since, remedy: remedy ?? '' } as const
    const item: InboxItem = {
      ...of,
      key: `product/${sku}`,
      program,
      of: { ...nobody, subscription: { id: '', product: name } },
      months: null,
      money: null,
      says: message ?? '',
      detail: '',
      actions: [syncProducts(program)],
      asked: null,
      compared: null,
    }
    const group = groupOf(ctx, { ...of, count: 1, customers: 0, amount: null, product: name })
    return { group, items: () => [item] }
  })
})

/** B6. They are the organisation's: one program's inbox has them, so that none is counted or told of twice. */
export const people: Source = smallSource(['wants-in'], async (ctx, { agreementIds }) => {
  const isHere = agreementIds === null && ctx.program === programs[0].slug
  const waiting = isHere ? await peopleWaiting(ctx.db, ctx.organisationId) : []
  const [first] = waiting
  if (first === undefined) return []
  const of = {
    kind: 'wants-in',
    cause: 'wants-in',
    remedy: 'Let them in, or turn them away; their role can be changed under Settings.',
  } as const
  const toItem = ({ id, email, name, role, waitingSince }: (typeof waiting)[number]): InboxItem => ({
    ...of,
    key: `person/${id}`,
    program: ctx.program,
    of: { ...nobody, person: { id, email } },
    months: null,
    money: null,
    since: waitingSince,
    says: `${name === '' ? email : `${name} (${email})`} has signed in with PRISM and asks to be let in as ${role}`,
    detail: '',
    actions: letIn(id),
    asked: null,
    compared: null,
  })
  const since = first.waitingSince
  const group = groupOf(ctx, { ...of, count: waiting.length, customers: 0, amount: null, since })
  return [{ group, items: () => waiting.map(toItem) }]
})
