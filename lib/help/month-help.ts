import type { FindingCode } from '#lib/billing/types.ts'
import type { HelpText } from './help-text.ts'

const ANSWER = 'Answer beside the message, in Waiting, in the agreement’s pod or on the customer’s page.'

/** Of messages about a month, a subscription, an agreement, or a write. */
export const monthHelp = {
  'agreement-unfit': {
    title: 'The agreement is not set up so that it can carry the additions ([rule])',
    severity: 'error',
    means:
      'Additions bill what the invoice says only on an agreement that is active, prorated, on the calendar year, billed monthly and in PRISM’s currency. Somebody changed it since it was mapped, or it has ended.',
    meanwhile: 'Nothing of the month was written; what the agreement has goes on billing as it is.',
    steps: [
      'Open the agreement in ConnectWise and set the field that the message names.',
      'Sync again, or wait: it is looked at again by itself. Months that ConnectWise invoiced meanwhile are asked about.',
    ],
  },
  'earlier-period-failed': {
    title: 'The invoice for [month] usage could not be synced for this subscription, so this one waits',
    severity: 'error',
    means: 'Invoices are applied in chronological order: a later month builds on the one before.',
    meanwhile: 'Nothing of this month was written for the subscription. Others go on.',
    steps: [
      'Mend what failed in that month, or skip that month for the subscription.',
      'Sync again: this month follows.',
    ],
  },
  'earlier-period-waits': {
    title: 'The invoice for [month] usage waits for an answer about this subscription, so this one waits too',
    severity: 'warning',
    means: 'Invoices are applied in chronological order: a later month builds on the one before.',
    meanwhile: 'Nothing of this month was written for the subscription. Others go on.',
    steps: ['Answer beside that month.', 'Sync again: this month follows.'],
  },
  'other-product-failed': {
    title: 'Nothing of this subscription was written, because its product ‘[name]’ could not be synced',
    severity: 'error',
    means: 'A subscription that moves from one product to another is written whole or not at all.',
    meanwhile: 'Both products were left as they are.',
    steps: ['Mend what is said about the other product.', 'Sync again.'],
  },
  'late-month-waits': {
    title:
      'The invoice for [month] usage came after a later month was synced, and its difference of [amount] waits',
    severity: 'warning',
    means:
      'ConnectWise has invoiced the month, or that is not known, the agreement did not bill by the month then, or what is to be written may be entered by hand already. What is written now is on the customer’s next invoice.',
    meanwhile: 'Nothing was written; later months are not changed.',
    steps: [
      'Confirm it, so that the difference is sent as catch-up; or skip the month where it was billed otherwise.',
      'Where only ConnectWise can settle it, bill or credit the difference by hand.',
    ],
  },
  'month-skipped': {
    title: '[month] of this subscription is skipped, as a person said',
    severity: 'note',
    means: 'A skipped month is never planned.',
    meanwhile: 'Nothing is written for it; what its additions bill stays.',
    steps: ['To have it planned, take that back under “What was answered”.'],
  },
  'month-parked': {
    title: '[month] of this subscription was undone, and is not synced until somebody releases it',
    severity: 'warning',
    means:
      'A person took back what a sync had written for the month. Else the next sync would write it again.',
    meanwhile: 'Nothing is written for it; what its additions bill stays.',
    steps: ['Release the month under “What was answered” to have it synced again.'],
  },
  'begins-later': {
    title:
      '[month] usage of [amount] is not billed here: ConnectWise has invoiced that month, and this subscription begins with [month]',
    severity: 'warning',
    means:
      'The subscription had no addition on the agreement when it was synced first, and ConnectWise had invoiced the month already: it was billed in another way, or not yet.',
    meanwhile: 'It is billed from the month on that the message names.',
    steps: ['If that month was not billed, choose for the customer to bill it as catch-up.'],
  },
  'billed-elsewhere': {
    title: '[amount] of this subscription is billed elsewhere, as was said of this customer',
    severity: 'note',
    means: 'A person said that the customer is billed in another way.',
    meanwhile: 'Nothing is written for it; the amount is a term of the proof.',
    steps: ['If that has changed, let the customer begin here, on its page.'],
  },
  'first-sync-waits': {
    title:
      'ConnectWise has invoiced [month] already, and nothing of this customer is on the agreement: how is it to begin?',
    severity: 'warning',
    means: 'Billing the month now would bill it a second time if it was billed in another way.',
    meanwhile: 'Nothing is written before that is answered.',
    steps: [`${ANSWER} Begin with the next month, bill this one as catch-up, or billed elsewhere.`],
  },
  'guard-waits': {
    title: 'The invoice changes so much that this subscription waits: [amount] would become [amount]',
    severity: 'warning',
    means:
      'Many subscriptions would end at once, the total of all customers moves by a large share, or a customer is on no line. Mostly that is a wrong invoice; sometimes it is right.',
    meanwhile: 'Nothing of it was written; the additions go on billing as they are.',
    steps: [
      'Look whether the invoice is right.',
      'If it is, confirm. If not, ask rhipe for a corrected one, or skip the month.',
      'How much is too much is set under Microsoft CSP, Options.',
    ],
  },
  'moved-away': {
    title: 'The customer is billed here up to [month], so this ends',
    severity: 'note',
    means: 'It was mapped to another agreement, or its mapping was cleared.',
    meanwhile: 'Its additions here end with that month.',
    steps: [],
  },
  'takes-over': {
    title: 'Billing here begins with [month]: the quantity of the last invoice runs on from then',
    severity: 'note',
    means: 'The customer was mapped to another agreement before, which bills the months up to then.',
    meanwhile: 'Additions were created from that month on.',
    steps: [],
  },
  'undo-edited': {
    title: 'Nothing of this subscription was undone, because an addition of it was changed after the sync',
    severity: 'error',
    means: 'An undo gives back what a sync wrote, exactly. Somebody changed it since.',
    meanwhile: 'Its additions stay as they are. Its month is parked, so that no sync changes them.',
    steps: [
      'Correct its additions in ConnectWise, or leave them.',
      'Release the month when it is to be synced again.',
    ],
  },
  'undo-overtaken': {
    title:
      'The rest of this subscription was not undone, because ConnectWise invoiced the agreement meanwhile',
    severity: 'error',
    means: 'What would be given back was reckoned before that invoice.',
    meanwhile: 'What was not undone stays.',
    steps: ['Look at its additions in ConnectWise, and correct them there.'],
  },
  'undo-after-end': {
    title:
      'Nothing of this subscription was undone, because no invoice from [day] on could give the difference back',
    severity: 'error',
    means: 'ConnectWise has invoiced what the sync wrote, and the agreement ends before its next invoice.',
    meanwhile: 'Its additions stay as they are.',
    steps: ['Credit the customer by an invoice of its own in ConnectWise.'],
  },
  'undo-adjusted': {
    title:
      'ConnectWise has invoiced [amount] too much or too little by this sync; the [month] invoice settles it',
    severity: 'warning',
    means: 'What is invoiced cannot be taken back, so one addition of the next month has the difference.',
    meanwhile: 'The addition was written.',
    steps: ['Check that month’s invoice of the customer before you send it.'],
  },
  'undo-keeps-serial': {
    title: 'Additions that the sync took over keep the serial number that it gave them',
    severity: 'note',
    means: 'They are billed as before; the Serial Number only says whose they are.',
    meanwhile: 'Nothing else of them was changed.',
    steps: [],
  },
  'undo-gives-new-id': {
    title: 'An addition that the sync deleted comes back under another number',
    severity: 'note',
    means: 'ConnectWise gives each addition a number of its own.',
    meanwhile: 'It bills what it billed before.',
    steps: [],
  },
  'set-back-settled': {
    title:
      'What was edited here is not set back, because that alone would not make the quantity that PRISM invoices',
    severity: 'note',
    means:
      'A sync may have settled it since, with other additions: setting this one back would bill the difference twice.',
    meanwhile: 'The addition stays as it was edited.',
    steps: [],
  },
  'set-back-product': {
    title: 'What was edited here is not set back, because an addition has another product now',
    severity: 'warning',
    means: 'The product of an addition cannot be changed by a sync.',
    meanwhile: 'The addition stays as it was edited.',
    steps: ['Choose the former product for the addition in ConnectWise, or delete it there; then sync.'],
  },
  'connectwise-refused': {
    title: 'ConnectWise returned an error response: [its message]',
    severity: 'error',
    means:
      'ConnectWise did not take what was to be written, and says why. “Since this period has already been invoiced …” means that the addition would start in a month that the agreement has invoiced.',
    meanwhile:
      'What it refused was not written. The subscription’s other changes were not sent, either; other subscriptions go on.',
    steps: [
      'Correct in ConnectWise what its message names.',
      'Where the period is invoiced already: sync to another agreement, or let the customer begin with the next month.',
      'Sync again.',
    ],
  },
  'outcome-unknown': {
    title: 'ConnectWise did not answer a write, so it is not known whether it took place',
    severity: 'error',
    means: 'The connection was cut, or the answer could not be read, after the request had been sent.',
    meanwhile:
      'Nothing is sent twice: the next look reads what ConnectWise holds and goes on from there, by itself.',
    steps: ['If it stays for more than an hour, look under Connections whether ConnectWise answers.'],
  },
  'not-proved': {
    title: 'ConnectWise does not hold what was written to it',
    severity: 'error',
    means:
      'What was read again after writing is not what was written. Something else changes the same additions, or ConnectWise does not show yet what it confirmed.',
    meanwhile:
      'Nothing more was written, so nothing is billed twice. The agreement is looked at again by itself.',
    steps: [
      'Look who changed the additions, in the agreement’s audit trail in ConnectWise.',
      'Sync again in a few minutes.',
    ],
  },
  'not-sent': {
    title: 'Changes of this subscription were not sent',
    severity: 'warning',
    means:
      'The sync was stopped, or Sync was switched off, before they were written; or another change of the same subscription failed, and what is billed of it belongs together.',
    meanwhile: 'What was written before stays.',
    steps: ['Mend what failed, where something did.', 'Sync again: it goes on where it stopped.'],
  },
} as const satisfies Partial<Record<FindingCode, HelpText>>
