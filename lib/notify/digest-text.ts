/** A digest in words, once for mail and chat: headings, lines and links, before anybody escapes them. Pure. */
import { unitPriceText } from '#lib/billing/format.ts'
import { invoiceOfUsage } from '#lib/billing/invoice-month.ts'
import type { Money } from '#lib/billing/types.ts'
import { helpOfMessage } from '#lib/help/help-pages.ts'
import type { Digest, Entry, FactKind, Group } from './facts.ts'

/** What a digest is about, beside what it says. */
export interface About {
  readonly programName: string
  readonly organisation: string
  /** The currency's code; `''` where it is not known. */
  readonly currency: string
  /** Without a slash at the end. */
  readonly appUrl: string
}

export interface Line {
  readonly text: string
  /** Absolute; `null`: none. */
  readonly link: string | null
}

export interface Section {
  readonly title: string
  /** What to do; `''`: nothing. */
  readonly remedy: string
  /** The address of what troubleshooting says of it (G3); `null`: nothing. */
  readonly help: string | null
  readonly lines: readonly Line[]
  /** How many there are that have no line. */
  readonly more: number
}

export interface DigestText {
  readonly subject: string
  readonly parts: readonly { readonly title: string; readonly sections: readonly Section[] }[]
}

const kindTitles: Readonly<Record<FactKind, string>> = {
  error: 'Errors',
  waits: 'Waits for you',
  price: 'Price changes',
  late: 'Invoice late',
  renewal: 'Renewals',
  closed: 'Month closed',
}
/** Lines of one cause in a mail; the page has all of them. */
const mostLines = 20

export const textOf = (digest: Digest, about: About): DigestText => {
  const { news, recovered, recoveredCount, reminders } = digest
  const shown = recovered.slice(0, mostLines)
  return {
    subject: `${about.programName}: ${subjectOf(digest)}`,
    parts: [
      ...partsOf('', news, about),
      ...(recoveredCount === 0
        ? []
        : [
            {
              title: 'Works again',
              sections: [
                {
                  title: '',
                  remedy: '',
                  help: null,
                  lines: shown.map(({ customer, path }) => ({
                    text: customer,
                    link: `${about.appUrl}${path}`,
                  })),
                  more: recoveredCount - shown.length,
                },
              ],
            },
          ]),
      ...partsOf('Still: ', reminders, about),
    ],
  }
}

const countOf = (groups: readonly Group[], kind?: FactKind): number =>
  groups.reduce((sum, group) => sum + (kind === undefined || group.kind === kind ? group.count : 0), 0)

const counted = (count: number, one: string, several: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : several}`]

const subjectOf = ({ news, recoveredCount, reminders }: Digest): string =>
  [
    ...counted(countOf(news, 'error'), 'error', 'errors'),
    ...counted(countOf(news, 'waits'), 'decision waits', 'decisions wait'),
    ...counted(countOf(news, 'price'), 'price change', 'price changes'),
    ...(countOf(news, 'late') > 0 ? ['the invoice is late'] : []),
    ...counted(countOf(news, 'renewal'), 'term ends soon', 'terms end soon'),
    ...counted(countOf(news, 'closed'), 'month was closed', 'months were closed'),
    ...counted(recoveredCount, 'customer works again', 'customers work again'),
    ...counted(countOf(reminders), 'matter is still open', 'matters are still open'),
  ].join(', ')

const partsOf = (before: string, groups: readonly Group[], about: About) =>
  [...Map.groupBy(groups, ({ kind }) => kind)].map(([kind, of]) => ({
    title: `${before}${kindTitles[kind]}`,
    sections: of.map((group) => sectionOf(group, about)),
  }))

const sectionOf = ({ cause, remedy, count, total, entries }: Group, about: About): Section => {
  const lines = entries.slice(0, mostLines)
  const page = helpOfMessage(cause)
  const sum = total === null || count === 1 ? '' : ` (${count}, ${moneyText(total, about)})`
  return {
    title: `${cause}${sum}`,
    remedy,
    help: page === null ? null : `${about.appUrl}/help/${page.code}`,
    lines: lines.map((entry) => ({ text: entryText(entry, about), link: `${about.appUrl}${entry.path}` })),
    more: count - lines.length,
  }
}

const entryText = ({ customer, subject, period, amount, before }: Entry, about: About): string => {
  const what = [customer, subject, period === null ? '' : invoiceOfUsage(period)]
  const old = before === null ? '' : `${moneyText(before, about)} -> `
  const bill = amount === null ? '' : `: ${old}${moneyText(amount, about)}`
  const named = what.filter((part) => part !== '').join(', ')
  return named === '' ? 'See the program.' : `${named}${bill}`
}

const moneyText = (amount: Money, { currency }: About): string =>
  `${unitPriceText(amount)}${currency === '' ? '' : ` ${currency}`}`
