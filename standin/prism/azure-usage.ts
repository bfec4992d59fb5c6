/**
 * Azure usage (docs/facts/prism.md, "Azure usage"). A month's records are made from its Azure line, so that
 * their sum is that line to the cent: the same subscription and month always give the same records.
 */
import { createHash } from 'node:crypto'
import { Big } from 'big.js'
import type { Incoming } from '../http/incoming.ts'
import { json, type Reply } from '../http/reply.ts'
import { trimmed } from './amounts.ts'
import { addDays, type Day, daysBetween, firstDay, isDay, lastDay, type Month, monthOf } from './calendar.ts'
import type { AzureHistory, Tenant } from './history.ts'
import type { PartnerBook } from './partner-book.ts'

interface Resource {
  readonly name: string
  readonly category: string
  readonly subCategory: string
  readonly service: string
  readonly unit: string
  /** Share of the month's amounts, in hundredths. */
  readonly share: number
}

const resources: readonly Resource[] = [
  {
    name: 'vm-app-01',
    category: 'Virtual Machines',
    subCategory: 'Dv5 Series',
    service: 'Microsoft.Compute',
    unit: '1 Hour',
    share: 58,
  },
  {
    name: 'sql-main',
    category: 'SQL Database',
    subCategory: 'Single Standard',
    service: 'Microsoft.Sql',
    unit: '1/Day',
    share: 27,
  },
  {
    name: 'stbackup',
    category: 'Storage',
    subCategory: 'Tiered Block Blob',
    service: 'Microsoft.Storage',
    unit: '1 GB/Month',
    share: 12,
  },
  {
    name: 'egress',
    category: 'Bandwidth',
    subCategory: 'Inter-Region',
    service: 'Microsoft.Network',
    unit: '1 GB',
    share: 3,
  },
]

/** What one resource used on one day; amounts are decimal strings with at most six decimals. */
export interface UsageRecord {
  readonly day: Day
  readonly resource: Resource
  readonly cost: string
  readonly rrp: string
}

/** All records of a month up to `until`; none where the month has no usage. */
export function usageOf(history: AzureHistory, month: Month, until: Day): UsageRecord[] {
  const usage = history.usage[month]
  if (usage === undefined) return []
  const first = usage.first ?? firstDay(month)
  const count = daysBetween(first, usage.last ?? lastDay(month))
  const days = Array.from({ length: count }, (_, index) => addDays(first, index))
  const slots = days.flatMap((day) =>
    resources.map((resource) => ({
      day,
      resource,
      weight: resource.share * (80 + (draw(history.subscriptionId, day, resource.name) % 41)),
    })),
  )
  const weights = slots.map(({ weight }) => weight)
  const costs = sharesOf(usage.cost, weights)
  const rrps = sharesOf(usage.rrp, weights)
  return slots
    .map(({ day, resource }, index) => ({
      day,
      resource,
      cost: costs[index] ?? '0',
      rrp: rrps[index] ?? '0',
    }))
    .filter(({ day }) => day <= until)
}

/** Parts by weight, cut at six decimals; the first takes what the cutting left, so that they sum to the amount. */
function sharesOf(amount: string, weights: readonly number[]): string[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const parts = weights.map((weight) => new Big(amount).times(weight).div(total).round(6, Big.roundDown))
  const left = parts.reduce((rest, part) => rest.minus(part), new Big(amount))
  return parts.map((part, index) => trimmed(index === 0 ? part.plus(left) : part))
}

function draw(...parts: readonly string[]): number {
  return createHash('sha256').update(parts.join('\n')).digest().readUInt32BE(0)
}

export interface UsageQuestion {
  readonly history: AzureHistory
  readonly tenant: Tenant
  readonly book: PartnerBook
  readonly first: Day
  readonly last: Day
  readonly today: Day
}

/** Usage from `first` to `last`, both inclusive [inferred], no later than today. */
function recordsOf({ history, first, last, today }: UsageQuestion): UsageRecord[] {
  return Object.keys(history.usage)
    .filter((month) => month >= monthOf(first) && month <= monthOf(last))
    .sort()
    .flatMap((month) => usageOf(history, month, today))
    .filter(({ day }) => day >= first && day <= last)
}

const currency = 'AUD'
const sum = (amounts: readonly string[]): Big =>
  amounts.reduce((total, amount) => total.plus(amount), new Big(0))

const aggregations = {
  ByResourceOnly: ({ resource }: UsageRecord) => resource.name,
  ByResourceAndDay: ({ resource, day }: UsageRecord) => `${resource.name} ${day}`,
  ByResourceCategoryAndDay: ({ resource, day }: UsageRecord) => `${resource.category} ${day}`,
} as const

/** `settling`: the total lags a day behind the records, as it does while usage settles. */
export function usageSummary(question: UsageQuestion, aggregation: string, settling: boolean): Reply {
  const keyOf = Object.entries(aggregations).find(([name]) => name === aggregation)?.[1]
  if (keyOf === undefined) return json({ Message: 'The request is invalid.' }, 400)
  const records = recordsOf(question)
  const counted = settling ? records.filter(({ day }) => day < (records.at(-1)?.day ?? '')) : records
  const groups = Map.groupBy(records, keyOf)
  return json({
    SubscriptionName: question.history.subscriptionId,
    StartDate: `${question.first}T00:00:00+00:00`,
    EndDate: `${question.last}T00:00:00+00:00`,
    Currency: currency,
    TotalCost: Number(sum(counted.map(({ cost }) => cost)).toFixed(6)),
    LastUpdateDate: `${records.at(-1)?.day ?? question.first}T23:00:00+00:00`,
    // Absent where nothing was used: it may be (facts).
    ...(groups.size > 0 && {
      ResourceUsageSummaries: [...groups.values()].map((group) => summaryShape(group, aggregation)),
    }),
  })
}

function summaryShape(group: readonly UsageRecord[], aggregation: string) {
  const [first] = group
  const resource = first?.resource
  return {
    ResourceId: draw(resource?.name ?? ''),
    ResourceName: aggregation === 'ByResourceCategoryAndDay' ? resource?.category : resource?.name,
    ResourceCategory: resource?.category,
    ...(aggregation !== 'ByResourceOnly' && { UsageDate: `${first?.day}T00:00:00+00:00` }),
    Cost: Number(sum(group.map(({ cost }) => cost)).toFixed(6)),
  }
}

/** One page of records, `page` from 1; past the end it is empty. */
export function usageDetails(question: UsageQuestion, page: number, pageSize: number): Reply {
  const records = recordsOf(question).slice((page - 1) * pageSize, page * pageSize)
  return json({ Records: records.map((record) => detailShape(record, question)) })
}

function detailShape({ day, resource, cost, rrp }: UsageRecord, question: UsageQuestion) {
  const { history, tenant, book } = question
  const variety = draw(history.subscriptionId, day, resource.name)
  const product = book.partner.products.find((one) => one.productId === history.productId)
  return {
    SubscriptionId: history.subscriptionId,
    CustomerName: tenant.name,
    VendorSubscriptionId: history.subscriptionId,
    BillingMpnId: null,
    AdvisorMpnId: null,
    PrimaryDomain: tenant.domain,
    BillableContractAgreementId: tenant.contractAgreementId,
    UsageDate: `${day}T00:00:00+00:00`,
    Currency: currency,
    PartnerCost: Number(cost),
    Rrp: Number(rrp),
    VendorFxRate: 1,
    MeterId: `meter-${resource.name}`,
    MeterName: resource.subCategory,
    MeterCategory: resource.category,
    MeterSubCategory: resource.subCategory,
    MeterRegion: 'AU East',
    MeterType: resource.unit,
    ConsumedService: resource.service,
    ResourceUri: `/subscriptions/${history.subscriptionId}/resourceGroups/rg-main/providers/${resource.service}/${resource.name}`,
    ResourceLocation: 'australiaeast',
    ResourceGroup: 'rg-main',
    // Strings, not always valid JSON (facts).
    Tags: variety % 3 === 2 ? '{"env":"prod"' : '{"env":"prod"}',
    AdditionalInfo: variety % 2 === 0 ? '' : '{"ServiceType":"Standard"}',
    Quantity: 24,
    Unit: resource.unit,
    ProductId: product?.productId ?? null,
    ProductName: product?.name ?? null,
    SkuId: product?.sku ?? null,
    SkuName: resource.subCategory,
    SubscriptionName: history.subscriptionId,
  }
}

/** A day of a timestamp with an offset, which the API insists on; `null` for anything else. */
export function dayWithOffset(text: unknown): Day | null {
  if (typeof text !== 'string') return null
  const [, day, offset] = /^(\d{4}-\d{2}-\d{2})T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.exec(text) ?? []
  return offset !== undefined && isDay(day) ? day : null
}

/** Reads the body of `POST …/usage/detailed`; `null` where a field is missing or wrong. */
export function detailQuestion(incoming: Incoming) {
  const body = incoming.json() as Record<string, unknown> | null
  const first = dayWithOffset(body?.startDate)
  const last = dayWithOffset(body?.endDate)
  const whole = (value: unknown): number | null =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : null
  const page = whole(body?.page)
  const pageSize = whole(body?.pageSize)
  if (first === null || last === null || page === null || pageSize === null) return null
  return { subscriptionId: String(body?.subscriptionId), first, last, page, pageSize }
}
