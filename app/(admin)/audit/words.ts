/** What an audit event notes, in the words of the pages that changed it. */
import { memberRightNames } from '#app/ui/member-rights.ts'
import { firstSyncChoices } from '#lib/billing/first-sync-choices.ts'
import { monthName, shortDay } from '#lib/billing/format.ts'
import type { Day, Period } from '#lib/billing/types.ts'
import { lastingTexts } from '#lib/inbox/sentences.ts'

const FIELDS: Readonly<Record<string, string>> = {
  enabled: 'Sync',
  syncEnabled: 'Sync',
  syncAzure: 'Sync Azure Subscriptions',
  annualTermsMonthly: 'Annual terms billed monthly',
  annualTermsAtOnce: 'Annual terms billed at once, since',
  exactAmounts: 'Exact amounts',
  marginPercent: 'Margin guard',
  productMode: 'Product Sync Mode',
  firstSync: 'First month already invoiced',
  begin: 'First month already invoiced',
  contractAgreementId: 'Contract agreement',
  emails: 'E-mails',
  'defaults.category': 'Product category',
  'defaults.subcategory': 'Product sub-category',
  'defaults.productType': 'Product type',
  'defaults.unitOfMeasure': 'Unit of measure',
  'defaults.taxable': 'Taxable',
  membersMaySync: 'Members of ConnectWise may map and sync',
  accountName: 'Account',
  agreementName: 'Agreement',
  companyName: 'Company',
  agreementId: 'Agreement record',
  codebase: 'Version',
  expiresAt: 'Works until',
  did: 'Done',
  termEndsOn: 'Last day of the term',
  secondFactor: 'Second factor',
}

const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  productMode: { all: 'All products', 'in-use': 'In Use Products only' },
  firstSync: firstSyncChoices,
  begin: firstSyncChoices,
  state: { active: 'Active', waiting: 'Asks to join', disabled: 'Switched off' },
  answer: { subscription: 'It bills a subscription', nobody: 'Nobody’s', stays: 'It stays', ends: 'It ends' },
  billed: { before: 'As it was before', after: 'As it was after' },
  question: { late: 'A late month', guard: 'A guard' },
  cause: Object.fromEntries(Object.entries(lastingTexts).map(([cause, { one }]) => [cause, one])),
  reason: { password: 'Wrong password', locked: 'Locked after too many', code: 'Wrong code' },
  role: { owner: 'Owner', clerk: 'Clerk', viewer: 'Viewer' },
  right: memberRightNames,
  secondFactor: { optional: 'Whoever wants one', owners: 'Every owner', everybody: 'Everybody' },
}

/** `unitOfMeasure` as `Unit of measure`, where no page has a name for it. */
export function fieldText(path: string): string {
  const words = path
    .replaceAll('.', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return FIELDS[path] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** `null` where there is nothing. */
export function valueText(path: string, value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (Array.isArray(value))
    return value.map((each) => valueText(path, each) ?? '').join(path === 'did' ? ' ' : ', ') || null
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, of]) => `${fieldText(name).toLowerCase()} ${valueText(name, of) ?? 'none'}`)
      .join(', ')
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return VALUES[path]?.[text] ?? dateText(text) ?? text
}

/** A month or a day as the pages write them; `undefined`: it is none. */
function dateText(text: string): string | undefined {
  if (/^20\d\d-(0[1-9]|1[0-2])$/.test(text)) return monthName(text as Period)
  return /^20\d\d-\d\d-\d\d$/.test(text) ? shortDay(text as Day) : undefined
}

/** What the event is about, where it is not a customer or a program: an address, a name, an id. */
export function subjectText(action: string, subject: string): string {
  if (action === 'fix-preflight') return subject.replaceAll('-', ' ')
  return action.startsWith('disconnect-') || subject === 'organisation' ? '' : subject
}

/** `connect-connectwise` as `Connect ConnectWise`. */
export function actionText(action: string): string {
  const words = action
    .replaceAll('-', ' ')
    .replace('connectwise', 'ConnectWise')
    .replace(/prism$/, 'PRISM')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const EVENTS: Readonly<Record<string, string>> = {
  'unmap-customer': 'Cleared the mapping',
  'map-one-time': 'Mapped its One-Time agreement',
  'verify-instance': 'Verified how ConnectWise bills',
  'unmap-one-time': 'Cleared its One-Time agreement',
  'end-left': 'Had what it left open ended',
  'choose-begin': 'Said how it begins',
  'start-at-period': 'Had it begin at another month',
  'pass-over-months': 'Passed over the months that it missed',
  'skip-period': 'Skipped a month of a subscription',
  'unskip-period': 'Took a skipped month back',
  'confirm-waiting': 'Confirmed what waited',
  'agree-price': 'Had PRISM’s price billed',
  'answer-addition': 'Said what an addition is',
  'take-answer-back': 'Took back what was said of an addition',
  'answer-billed': 'Said how ConnectWise billed an addition',
  'take-billed-back': 'Took back how ConnectWise billed an addition',
  'answer-line': 'Said whether a line of an annual invoice is billed here',
  'take-line-back': 'Took back whether a line of an annual invoice is billed here',
  'undo-run': 'Undid a sync',
  'set-back-edits': 'Set back what was edited by hand',
  'stop-run': 'Stopped a sync',
  mute: 'Muted what stays',
  unmute: 'Took a mute back',
}

/** What an event about a customer was, as a person would tell it. */
export function eventText(action: string, { before, after }: Readonly<Record<string, unknown>>): string {
  if (action !== 'map-customer') return EVENTS[action] ?? actionText(action)
  const [from, to] = [mappingIn(before), mappingIn(after)]
  if (from === null) return to?.syncEnabled === true ? 'Mapped it, with Sync on' : 'Mapped it, with Sync off'
  if (from.agreementId !== to?.agreementId) return 'Moved it to another agreement'
  if (from.syncEnabled === to?.syncEnabled) return 'Saved the mapping'
  return to?.syncEnabled === true ? 'Switched Sync on' : 'Switched Sync off'
}

/** As it was noted; `null` where there was none. */
function mappingIn(value: unknown): { readonly agreementId: unknown; readonly syncEnabled: unknown } | null {
  if (typeof value !== 'object' || value === null) return null
  const { agreementId, syncEnabled } = { agreementId: null, syncEnabled: null, ...value }
  return { agreementId, syncEnabled }
}
