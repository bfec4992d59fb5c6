/** Syncs as tables to keep, in people's words (G2, G3). */
import type { RunContent } from '#app/api/schemas/runs.ts'
import { server } from '#app/process/process.ts'
import { changeText } from '#app/ui/plan/change-words.ts'
import { planTitle } from '#app/ui/plan/plan-names.ts'
import { periodsText, TRIGGERS } from '#app/ui/run/run-words.ts'
import { type ProductResult, productResultsOf } from '#db/runs/product-runs.ts'
import { type RunItem, run, runItemsOf } from '#db/runs/runs.ts'
import { ProductError } from '#lib/base/errors.ts'
import { decimal, money } from '#lib/billing/decimal.ts'
import { unitPriceText } from '#lib/billing/format.ts'
import type { Money } from '#lib/billing/types.ts'
import type { PeriodOutcome, SubscriptionOutcome } from '#lib/ledger/outcome.ts'
import { outcomesOf } from '#lib/ledger/outcomes.ts'
import { foundRuns } from './found-runs.ts'
import { listedRuns } from './runs.ts'

type Lines = AsyncGenerator<readonly string[]>

/** The most rows of a list of syncs. */
const MOST = 1000

/** Each subscription and month of a run, or each of its products; agreement by agreement. Throws `not-found`. */
export async function runLines(organisationId: string, id: string): Promise<Lines> {
  const { db } = server()
  const found = await run(db, organisationId, id)
  if (found === null) throw new ProductError('not-found', 'There is no such sync.')
  if (found.kind === 'products') return productLines(await productResultsOf(db, organisationId, id))
  return agreementLines(organisationId, await runItemsOf(db, organisationId, id))
}

async function* agreementLines(organisationId: string, items: readonly RunItem[]): Lines {
  yield [
    'Company',
    'Agreement',
    'Usage month',
    'Product',
    'SKU',
    'Subscription',
    'Status',
    'PRISM invoiced',
    'Additions bill',
    'Difference',
    'Written',
    'What is wrong',
    'What to do',
  ]
  for (const item of items) {
    if (item.message !== null || item.status === null) yield itemLine(item)
    for (const plan of await outcomesOf(server().db, organisationId, item)) {
      for (const finding of plan.findings.filter(({ severity }) => severity !== 'note'))
        yield [
          ...headOf(item),
          planTitle(plan),
          '',
          '',
          '',
          finding.severity === 'error' ? 'Error' : 'Warning',
          '',
          '',
          '',
          '',
          finding.message,
          finding.remedy,
        ]
      for (const row of plan.subscriptions) yield subscriptionLine(item, plan, row)
    }
  }
}

const headOf = ({ companyName, agreementName }: RunItem): string[] => [companyName, agreementName]

const itemLine = (item: RunItem): string[] => [
  ...headOf(item),
  '',
  '',
  '',
  '',
  item.status ?? 'Running',
  '',
  '',
  '',
  '',
  item.message ?? item.doing ?? '',
  item.remedy ?? '',
]

function subscriptionLine(item: RunItem, plan: PeriodOutcome, row: SubscriptionOutcome): string[] {
  const { product, subscriptionId, status, invoiced, billed, applied, findings } = row
  const said = findings.filter(({ severity }) => severity !== 'note')
  const written = applied.filter(({ outcome }) => outcome === 'done').map(({ change }) => changeText(change))
  return [
    ...headOf(item),
    planTitle(plan),
    product.name,
    product.sku,
    subscriptionId,
    status,
    unitPriceText(invoiced.price),
    unitPriceText(billed.price),
    unitPriceText(money(decimal(invoiced.price).minus(decimal(billed.price)))),
    written.filter(Boolean).join('; '),
    said.map(({ message }) => message).join('; '),
    said.map(({ remedy }) => remedy).join(' '),
  ]
}

const DONE: Readonly<Record<ProductResult['what'], string>> = {
  created: 'Created',
  updated: 'Cost and price updated',
  failed: 'Not written',
  noted: 'Nothing to write',
}

async function* productLines(results: readonly ProductResult[]): Lines {
  const price = (value: Money | undefined): string => (value === undefined ? '' : unitPriceText(value))
  yield [
    'Product',
    'SKU',
    'Status',
    'What was done',
    'Cost before',
    'Cost',
    'Price before',
    'Price',
    'What is wrong',
    'What to do',
  ]
  for (const { name, sku, status, what, before, after, message, remedy } of results)
    yield [
      name,
      sku,
      status,
      DONE[what],
      price(before?.unitCost),
      price(after?.unitCost),
      price(before?.unitPrice),
      price(after?.unitPrice),
      message ?? '',
      remedy ?? '',
    ]
}

/** The newest syncs, as History lists them. */
export async function* historyLines(
  organisationId: string,
  program: string,
  kind: RunContent['kind'] | undefined,
): Lines {
  yield ['When (UTC)', 'What', 'Usage', 'Started', 'By', 'Finished (UTC)', 'Result', 'Why', 'Status']
  const page = { ...(kind === undefined ? {} : { kind }), limit: MOST, offset: 0 }
  for (const each of await listedRuns(organisationId, program, page))
    yield [
      each.createdAt,
      each.kind === 'products' ? 'Products' : 'Customers',
      periodsText(each.firstPeriod, each.lastPeriod),
      TRIGGERS[each.trigger],
      each.actor,
      each.finishedAt ?? '',
      each.summary,
      each.note ?? '',
      each.status ?? 'Running',
    ]
}

/** Agreements of syncs in which a search is found. */
export async function* foundLines(organisationId: string, program: string, search: string): Lines {
  yield ['When (UTC)', 'Company', 'Agreement', 'Usage', 'Status', 'Product', 'What was said', 'By']
  const { found } = await foundRuns(organisationId, { program, search, page: 1, limit: MOST })
  for (const each of found)
    yield [
      each.createdAt,
      each.companyName,
      each.agreementName,
      periodsText(each.firstPeriod, each.lastPeriod),
      each.status ?? 'Running',
      each.product ?? '',
      each.message ?? '',
      each.actor,
    ]
}
