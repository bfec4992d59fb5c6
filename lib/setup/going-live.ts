/**
 * Going live safely (G6): what is to be done in which order, each step done or not by facts alone. Pure. Few customers come
 * first, and their additions are checked before anything of them is invoiced, as rhipe's guide says.
 */
import { addMonths } from '#lib/billing/days.ts'
import { invoiceOfUsage } from '#lib/billing/invoice-month.ts'
import type { Day, Period, Status } from '#lib/billing/types.ts'

export interface GoingLiveFacts {
  readonly program: string
  readonly today: Day
  readonly isConnected: { readonly prism: boolean; readonly connectwise: boolean }
  /** Checks of how ConnectWise is prepared that are not good; `null`: nobody has looked. */
  readonly unprepared: number | null
  readonly mailsTo: number
  /** How the last whole product sync ended; `null`: there was none. */
  readonly products: Status | null
  readonly customers: { readonly all: number; readonly mapped: number; readonly syncing: number }
  readonly isProgramOn: boolean
  /** Usage month of the newest invoice in use. */
  readonly newest: Period | null
  /** Customers that sync and are in their first two months. */
  readonly toCheck: number
}

export interface GoingLiveStep {
  readonly title: string
  readonly isDone: boolean
  /** How it stands, and why it matters. */
  readonly detail: string
  readonly href: string
}

/** So many customers are enough to see whether it bills as it should. */
const FEW = 3

export const goingLiveSteps = (facts: GoingLiveFacts): GoingLiveStep[] => {
  const { program, isConnected, unprepared, mailsTo, products, customers, isProgramOn, toCheck } = facts
  const path = `/programs/${program}`
  return [
    {
      title: 'Connect PRISM and ConnectWise',
      isDone: isConnected.prism && isConnected.connectwise,
      detail: connectedText(isConnected),
      href: '/connections',
    },
    {
      title: 'Prepare ConnectWise',
      isDone: unprepared === 0,
      detail:
        unprepared === null
          ? 'What new products and additions need there was not looked at yet.'
          : unprepared === 0
            ? 'All that products and additions need is there.'
            : `${counted(unprepared, 'thing is', 'things are')} missing there; most are mended by one press.`,
      href: '/preparation',
    },
    {
      title: 'Say who hears of errors',
      isDone: mailsTo > 0,
      detail:
        mailsTo > 0 ? `${counted(mailsTo, 'address is', 'addresses are')} told.` : 'Nobody is told by mail.',
      href: path,
    },
    {
      title: 'Link the products',
      isDone: products !== null && products !== 'Error',
      detail:
        products === null
          ? 'See first what would be created and updated; nothing is written before you sync them.'
          : products === 'Error'
            ? 'The last product sync could not write some.'
            : 'The catalog has what the price list has.',
      href: `${path}/products`,
    },
    {
      title: 'Have an invoice of PRISM’s for last month',
      ...invoiceStep(facts),
      href: `${path}/invoices`,
    },
    {
      title: 'Map one to three customers, preview them, and switch their Sync on',
      isDone: isProgramOn && customers.syncing > 0,
      detail: `${customers.syncing} of ${customers.all} sync${isProgramOn ? '' : '; Sync of the program is off'}.${
        customers.syncing === 0 ? ' The preview says what the first sync will write.' : ''
      }`,
      href: `${path}/customers`,
    },
    {
      title: 'Check their additions before you send invoices',
      isDone: isProgramOn && customers.syncing > 0 && toCheck === 0,
      detail:
        toCheck === 0
          ? 'In a customer’s first two months its additions are looked at before ConnectWise invoices them.'
          : `${counted(toCheck, 'customer is', 'customers are')} in their first two months; they are listed below.`,
      href: '/going-live',
    },
    {
      title: 'Map the others',
      isDone: customers.all > 0 && customers.syncing === customers.all,
      detail: `${customers.mapped} of ${customers.all} are mapped.${
        customers.syncing > FEW && toCheck === customers.syncing
          ? ' None is past its first two months yet.'
          : ''
      }`,
      href: `${path}/customers`,
    },
  ]
}

const counted = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`

const connectedText = ({ prism, connectwise }: GoingLiveFacts['isConnected']): string => {
  if (prism && connectwise) return 'Both answer.'
  if (!prism && !connectwise) return 'Neither is connected.'
  return prism ? 'ConnectWise is not connected.' : 'PRISM is not connected.'
}

/** A sync right after PRISM's invoice bills the month with ConnectWise's next one; later it is billed as catch-up. */
const invoiceStep = ({ newest, today }: GoingLiveFacts): Pick<GoingLiveStep, 'isDone' | 'detail'> => {
  const last = addMonths(today.slice(0, 7) as Period, -1)
  if (newest !== null && newest >= last)
    return {
      isDone: true,
      detail: `The ${invoiceOfUsage(newest)} is in use. Sync before ConnectWise invoices the month.`,
    }
  return {
    isDone: false,
    detail: `The ${invoiceOfUsage(last)} is not in use yet. PRISM gives it on about the 2nd; the day after is the right one to begin.`,
  }
}

/** The two months of a customer in which somebody looks at its additions before they are invoiced. */
export const monthsToCheck = 2

/** Which of its first two months a customer is in; `null`: it is past them, or was not synced. */
export const monthToCheck = (firstPeriod: Period | null, newest: Period | null): 1 | 2 | null => {
  if (firstPeriod === null || newest === null || newest < firstPeriod) return null
  if (newest === firstPeriod) return 1
  return newest === addMonths(firstPeriod, monthsToCheck - 1) ? 2 : null
}

/** The first usage month of customers that are in their first two while `newest` is the last one. */
export const firstToCheck = (newest: Period): Period => addMonths(newest, 1 - monthsToCheck)
