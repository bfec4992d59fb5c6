/** The answers of each kind of what waits, as calls of our own API. Pure. */
import { firstSyncChoices } from '#lib/billing/first-sync-choices.ts'
import { monthName, shortDay, unitPriceText } from '#lib/billing/format.ts'
import type { AskedLine, Period, PriceOffer, WaitQuestion } from '#lib/billing/types.ts'
import type { ActionChoice, ItemAction } from './item.ts'

type Given = Pick<ItemAction, 'id' | 'text' | 'endpoint'> & Partial<ItemAction>

/** A call of ours, complete but for what is left out. */
export const action = (given: Given): ItemAction => ({
  path: {},
  query: {},
  body: null,
  choose: null,
  decides: false,
  ...given,
})

/** A subscription's row of a plan. */
export interface RowOf {
  readonly program: string
  readonly runId: string
  readonly agreementId: number
  readonly tenantId: string
  readonly subscriptionId: string
  readonly period: Period | null
  readonly question: WaitQuestion | null
}

/** A yes to a row of what a sync found. */
export const confirm = (
  runId: string,
  body: {
    readonly agreementId: number
    readonly subscriptionId: string
    readonly period: Period
    readonly question: 'late' | 'guard'
  },
): ItemAction =>
  action({
    id: 'confirm',
    text: 'Confirm',
    endpoint: 'POST /api/runs/{id}/confirm',
    path: { id: runId },
    body,
    decides: true,
  })

/** A yes to all of a cause. */
export const confirmCause = (program: string, cause: string): ItemAction =>
  action({
    id: 'confirm',
    text: 'Confirm all',
    endpoint: 'POST /api/programs/{program}/confirm',
    path: { program },
    body: { cause },
    decides: true,
  })

export const customer = '/api/programs/{program}/customers/{tenantId}' as const

export const skip = ({ program, tenantId, subscriptionId, period }: RowOf): ItemAction[] =>
  period === null || tenantId === '' || subscriptionId === ''
    ? []
    : [
        action({
          id: 'skip',
          text: `Skip ${monthName(period)}`,
          endpoint: `POST ${customer}/skip`,
          path: { program, tenantId },
          body: { subscriptionId, period },
          decides: true,
        }),
      ]

export const unskip = (
  program: string,
  of: { readonly tenantId: string; readonly subscriptionId: string; readonly period: Period },
  text: 'Take back' | 'Release',
): ItemAction =>
  action({
    id: 'unskip',
    text,
    endpoint: `POST ${customer}/unskip`,
    path: { program, tenantId: of.tenantId },
    body: { subscriptionId: of.subscriptionId, period: of.period },
  })

/** @param tenantIds left out: all customers that wait for it */
export const begin = (program: string, tenantIds?: readonly string[]): ItemAction[] =>
  (['next', 'catch-up', 'elsewhere'] as const).map(
    (each): ItemAction =>
      action({
        id: `begin-${each}`,
        text: firstSyncChoices[each],
        endpoint: 'POST /api/programs/{program}/begin',
        path: { program },
        body: { begin: each, ...(tenantIds === undefined ? {} : { tenantIds }) },
        decides: true,
      }),
  )

export const billedAs = (
  program: string,
  agreementId: number,
  { additionId, through }: { readonly additionId: number; readonly through: string },
): ItemAction[] =>
  (['before', 'after'] as const).map((billed) =>
    action({
      id: `billed-${billed}`,
      text: billed === 'before' ? 'It bills it as before' : 'It bills it as after',
      endpoint:
        'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/billed/{through}',
      path: { program, agreementId, additionId, through },
      body: { billed },
      decides: true,
    }),
  )

/** Whether a line of an annual invoice is billed here (J9). */
export const lineIs = (
  program: string,
  agreementId: number,
  lineId: string,
  { changes }: AskedLine,
): ItemAction[] => {
  const gives = changes.some(({ addition }) => addition.quantity.startsWith('-'))
  return (['carry', 'leave'] as const).map((says) =>
    action({
      id: `${says}-line`,
      text: says === 'leave' ? 'It is billed otherwise' : gives ? 'Give it back here' : 'Bill it here',
      endpoint: 'PUT /api/programs/{program}/agreements/{agreementId}/line-answers',
      path: { program, agreementId },
      body: { lineId, says },
      decides: true,
    }),
  )
}

/** What an addition is (F5). */
export const additionIs = (program: string, agreementId: number, additionId: number): ItemAction[] => {
  const says = (id: ItemAction['id'], text: string, answer: string, choose: ActionChoice | null = null) =>
    action({
      id,
      text,
      endpoint: 'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/answer',
      path: { program, agreementId, additionId },
      body: { answer },
      choose,
      decides: true,
    })
  return [
    says('is-subscription', 'It bills a subscription', 'subscription', {
      field: 'subscriptionId',
      from: 'subscriptions',
    }),
    says('is-nobodys', 'It is nobody’s', 'nobody'),
    says('stays', 'It stays as it is', 'stays'),
    says('ends', 'It ends', 'ends', { field: 'endsOn', from: 'month-ends' }),
  ]
}

const invoiceTexts = { pick: 'Use this one', exclude: 'Exclude', 'read-again': 'Read again' } as const

export const decideInvoice = (program: string, id: string, verb: keyof typeof invoiceTexts): ItemAction =>
  action({
    id: verb,
    text: invoiceTexts[verb],
    endpoint: `POST /api/invoices/{id}/${verb}`,
    path: { id },
    query: { program },
    decides: verb !== 'read-again',
  })

/** Whose lines are. @param claimants one press each; none: any customer can be chosen */
export const linesAre = (
  program: string,
  of: { readonly invoiceId: string; readonly subscriptionId: string },
  claimants: readonly { readonly id: string; readonly name: string }[],
): ItemAction[] => {
  const says = (given: Pick<ItemAction, 'id' | 'text'> & Partial<ItemAction>) =>
    action({
      endpoint: 'PUT /api/invoices/{id}/lines/{subscriptionId}/owner',
      path: { id: of.invoiceId, subscriptionId: of.subscriptionId },
      query: { program },
      decides: true,
      ...given,
    })
  const theirs = claimants.map(({ id, name }) =>
    says({ id: 'is-customers', text: `They are ${name}’s`, body: { tenantId: id } }),
  )
  const anybodys = says({
    id: 'is-customers',
    text: 'Say whose they are',
    body: {},
    choose: { field: 'tenantId', from: 'customers' },
  })
  return [
    ...(theirs.length === 0 ? [anybodys] : theirs),
    says({ id: 'is-nobodys', text: 'They are nobody’s', body: { tenantId: null } }),
  ]
}

/** Sync on again. @param months more than one: it can be only the latest */
export const syncMissed = (
  program: string,
  of: { readonly tenantId: string; readonly companyId: number; readonly agreementId: number },
  months: number,
): ItemAction[] => {
  const { tenantId, ...place } = of
  const again = (id: ItemAction['id'], text: string, missed: 'latest' | 'all') =>
    action({
      id,
      text,
      endpoint: `PUT ${customer}/mapping`,
      path: { program, tenantId },
      body: { ...place, syncEnabled: true, missed },
      decides: true,
    })
  return [
    again('sync-latest', months === 1 ? 'Sync it' : 'Sync the latest only', 'latest'),
    ...(months === 1 ? [] : [again('sync-all', `Sync all ${months}`, 'all')]),
  ]
}

export const switchProgramOn = (program: string): ItemAction[] =>
  (['latest', 'all'] as const).map((missed) =>
    action({
      id: `sync-${missed}`,
      text: missed === 'latest' ? 'Switch on, the latest only' : 'Switch on, all of them',
      endpoint: 'PUT /api/programs/{program}',
      path: { program },
      body: { enabled: true, missed },
      decides: true,
    }),
  )

/** PRISM's price in place of the one that is billed: with its plan before, by a sync after. */
export const billPrice = (
  program: string,
  of: { readonly tenantId: string; readonly subscriptionId: string },
  offer: PriceOffer,
): ItemAction =>
  action({
    id: 'bill-price',
    text: `Bill ${unitPriceText(offer.unitPrice)} from ${shortDay(offer.from)}`,
    endpoint: `POST ${customer}/price/{subscriptionId}`,
    path: { program, ...of },
    body: { unitPrice: offer.unitPrice, from: offer.from },
    decides: true,
  })

/** It names all that is muted with it: what the customer's cause is about. */
export const mute = (
  program: string,
  tenantId: string,
  of: { readonly cause: string; readonly amount: string },
): ItemAction =>
  action({
    id: 'mute',
    text: 'Mute…',
    endpoint: `POST ${customer}/mutes`,
    path: { program, tenantId },
    body: of,
    choose: { field: 'term', from: 'terms' },
  })

export const endLeft = (
  program: string,
  of: { readonly tenantId: string; readonly agreementId: number },
): ItemAction =>
  action({
    id: 'end-left',
    text: 'End them',
    endpoint: `PUT ${customer}/left/{agreementId}`,
    path: { program, ...of },
    body: {},
    choose: { field: 'end', from: 'months' },
    decides: true,
  })
