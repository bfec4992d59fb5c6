/** What syncs found and only a person can settle, from the index of each agreement's last one. */
import {
  openPointGroups,
  openPointsOfCauses,
  type PointGroup,
  type PointRow,
} from '#db/mappings/open-points.ts'
import { programSettings } from '#db/prism/programs.ts'
import { explainChange } from '#lib/billing/explain.ts'
import { monthName } from '#lib/billing/format.ts'
import { pointKindSchema } from '#lib/billing/point-kinds.ts'
import { type Period, periodSchema } from '#lib/billing/types.ts'
import { additionIs, begin, billedAs, confirm, confirmCause, lineIs, skip } from './actions.ts'
import type { InboxItem, ItemAction } from './item.ts'
import { lineIdOf } from './line-id.ts'
import {
  groupOf,
  type InboxContext,
  type InboxFilter,
  moneyOf,
  type Source,
  type Subject,
  subjectsOf,
} from './source.ts'
import { sync, syncCause, syncOneTime, syncProducts } from './sync-actions.ts'

export const points: Source = {
  kinds: pointKindSchema.options,
  async groups(ctx, { agreementIds }) {
    const { db, organisationId, program } = ctx
    const [found, settings] = await Promise.all([
      openPointGroups(db, organisationId, program, agreementIds),
      programSettings(db, organisationId, program),
    ])
    const isOn = settings?.enabled === true
    return found.map((group) =>
      groupOf(ctx, { ...group, period: monthOf(group), actions: ofAll(ctx, group, { agreementIds, isOn }) }),
    )
  },
  async items(ctx, { agreementIds }, causes, part) {
    const { db, organisationId, program } = ctx
    const rows = await openPointsOfCauses(db, organisationId, program, agreementIds, { causes, ...part })
    const subjectOf = await subjectsOf(ctx, rows)
    return rows.map((row) => toItem(ctx, row, subjectOf(row)))
  },
}

/** The month out of order that tells a cause from others of its kind; `null`: it is of another kind. */
const monthOf = ({ kind, cause }: PointGroup): Period | null =>
  kind === 'late' ? (periodSchema.safeParse(cause.slice('late/'.length)).data ?? null) : null

/** What a person mends in ConnectWise: afterwards one sync of all that it kept from being synced. */
const mendedThere: readonly PointGroup['kind'][] = ['product', 'failed', 'unfit', 'billed-twice']
const PROGRAM_OFF = 'Sync of the program is off: switch it on first, on the program’s page.'

/** One answer for all of the group. */
function ofAll(
  { program }: InboxContext,
  group: PointGroup,
  { agreementIds, isOn }: Pick<InboxFilter, 'agreementIds'> & { readonly isOn: boolean },
): ItemAction[] {
  const { kind, cause, count } = group
  // Of one agreement, or of one thing, its own buttons do.
  const isOfMany = agreementIds === null && count > 1
  const again =
    isOfMany && mendedThere.includes(kind) ? [syncCause(program, cause, isOn ? undefined : PROGRAM_OFF)] : []
  if (kind === 'product') return [...again, syncProducts(program)]
  if (!isOfMany) return []
  if (kind === 'first-sync') return begin(program)
  if (again.length > 0) return again
  return kind === 'guard' || kind === 'late' ? [confirmCause(program, cause)] : []
}

function toItem(
  { organisationId, program }: InboxContext,
  row: PointRow,
  { of, ...syncing }: Subject,
): InboxItem {
  const { kind, cause, key, agreementId, from, to, asks, asksBilled, product, subscriptionId } = row
  return {
    kind,
    cause,
    key: `${cause}/${agreementId}/${key}`,
    program,
    of: {
      ...of,
      subscription: subscriptionId === '' && product === '' ? null : { id: subscriptionId, product },
      additionId: asks?.additionId ?? asksBilled?.additionId ?? null,
    },
    months: from === null ? null : { from, to: to ?? from },
    money: moneyOf(kind, row.amount),
    since: row.since,
    says: saysOf(row),
    detail: row.detail,
    remedy: row.remedy,
    ...(row.stillWrong === '' ? {} : { stillWrong: row.stillWrong }),
    actions: actionsOf({ organisationId, program }, row, syncing),
    asked: {
      runId: row.runId,
      question: row.question,
      invoiced: row.invoiced,
      billed: row.billed,
      addition: asks,
      invoice: asksBilled,
      line: row.asksLine && {
        why: row.asksLine.why,
        writes: row.asksLine.changes.map(explainChange),
      },
    },
    compared: null,
  }
}

/** Of an earlier version of the product the message was not kept. */
const saysOf = ({ message, from }: PointRow): string =>
  message !== '' ? message : from === null ? 'It waits for a person' : `${monthName(from)} waits for a person`

/** The buttons of a point. */
export function actionsOf(
  { organisationId, program }: Pick<InboxContext, 'organisationId' | 'program'>,
  row: PointRow,
  { syncsBy, isOneTime }: Pick<Subject, 'syncsBy' | 'isOneTime'>,
): ItemAction[] {
  const { kind, agreementId, runId, tenantId, subscriptionId, from: period, question, asks, asksBilled } = row
  const of = { program, runId, agreementId, tenantId, subscriptionId, period, question }
  const again = isOneTime
    ? [syncOneTime(program, agreementId)]
    : syncsBy === ''
      ? []
      : [sync(program, syncsBy)]
  switch (kind) {
    case 'guard':
    case 'late': {
      if (period === null) return []
      return [confirm(runId, { agreementId, subscriptionId, period, question: kind }), ...skip(of)]
    }
    case 'billed':
      return [...(asksBilled === null ? [] : billedAs(program, agreementId, asksBilled)), ...skip(of)]
    case 'first-sync':
      return begin(program, [tenantId])
    case 'ambiguous-additions':
      // The month of its subscription waits for it.
      return [...(asks === null ? again : additionIs(program, agreementId, asks.additionId)), ...skip(of)]
    case 'unknown-addition':
    case 'left-over':
      return asks === null ? again : additionIs(program, agreementId, asks.additionId)
    case 'product':
    case 'failed':
      if (asks !== null) return [...additionIs(program, agreementId, asks.additionId), ...again, ...skip(of)]
      return [...again, ...(row.from === null ? [] : skip(of))]
    case 'annual-line':
      if (row.asksLine === null) return again
      return lineIs(
        program,
        agreementId,
        lineIdOf({ organisationId, agreementId }, row.asksLine.line),
        row.asksLine,
      )
    case 'unfit':
    case 'billed-twice':
      return again
  }
}
