/**
 * How long what grows is kept: the one place of it (J14). Settings shows this list, and the job goes by it. What bills rest on is kept
 * for as long as the organisation is: tax offices ask for it for years ([inferred]: Australia 5, New Zealand 7), and the ledger is how
 * we know what is ours. Of that the plans, by far the largest, are packed once their month is old, and read back as they were.
 */

export type Rule = (typeof keptForATime)[number]['rule']

export interface Kept {
  readonly rule: string
  readonly what: string
  /** Either days or months of a calendar. */
  readonly days?: number
  readonly months?: number
  readonly why: string
}

export const keptForATime = [
  {
    rule: 'proofs-of-members',
    what: 'Which ConnectWise members were proved, sessions that were ended, how often the connections were asked too much',
    days: 30,
    why: 'They are of use for minutes; the rest is for whoever looks into trouble.',
  },
  {
    rule: 'company-readings',
    what: 'What ConnectWise last said of a company',
    days: 90,
    why: 'It is shown where ConnectWise does not answer, and of no use when it is old.',
  },
  {
    rule: 'messages',
    what: 'Mails and webhooks that were sent, and what they said',
    days: 400,
    why: 'A year’s months can be looked back at.',
  },
  {
    rule: 'sign-ins',
    what: 'Sign-ins, and those that were refused, in the audit',
    months: 24,
    why: 'They name people and where they were.',
  },
  {
    rule: 'invitations',
    what: 'Invitations that were used, withdrawn or ran out, and API tokens that were revoked or ran out',
    months: 24,
    why: 'The audit says who made them.',
  },
] as const satisfies readonly Kept[]

/** What is never removed while the organisation is. */
export const keptAlways = [
  'Invoices of PRISM in every version, with every line',
  'Plans: those of old months are packed, and shown as they were',
  'The ledger: every write to ConnectWise, with the addition before and after it',
  'What ConnectWise held and invoiced, proofs of months, and closed months with who accepted what',
  'What people did: mappings, answers, price rules, and the audit but for sign-ins',
] as const

/** As in “24 months”. */
export const timeOf = ({ days, months }: Pick<Kept, 'days' | 'months'>): string =>
  months === undefined ? `${days ?? 0} days` : `${months} months`

/** What is older than this is removed. Months are those of the calendar, in UTC; the 31st becomes a shorter month’s last day. */
export const removedBefore = (kept: Pick<Kept, 'days' | 'months'>, now: Date): Date => {
  if (kept.months === undefined) return new Date(now.getTime() - (kept.days ?? 0) * 24 * 60 * 60 * 1000)
  const before = new Date(now)
  const day = before.getUTCDate()
  before.setUTCDate(1)
  before.setUTCMonth(before.getUTCMonth() - kept.months)
  const lastDay = new Date(Date.UTC(before.getUTCFullYear(), before.getUTCMonth() + 1, 0)).getUTCDate()
  before.setUTCDate(Math.min(day, lastDay))
  return before
}

export const keptBy = (rule: Rule): Kept => {
  const found: Kept | undefined = keptForATime.find((each) => each.rule === rule)
  if (found === undefined) throw new Error(`There is no rule ${rule}`)
  return found
}

/** The rule by which plans are packed, and the ages of a month that can be chosen for it, in months. */
export const PACKING = 'plans'
export const packingAges = [12, 24, 36, 60] as const
