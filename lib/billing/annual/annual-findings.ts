/** What can be found about lines of an annual invoice and their additions. */
import { finding } from '../finding.ts'
import { shortDay, unitPriceText } from '../format.ts'
import type { Amount, Day, Finding, InvoiceLine } from '../types.ts'

export { additionUnreadable as unreadable } from '../addition-findings.ts'

const lineText = ({ row, quantity, first, last, price }: InvoiceLine): string =>
  `Line ${row} of the file: ${quantity} from ${shortDay(first)} to ${shortDay(last)}, ${unitPriceText(price)}.`

/** @param to `null`: it is gone */
export const lineEdited = (additionId: number, from: Amount, to: Amount | null): Finding =>
  finding(
    'annual-line-edited',
    'warning',
    to === null
      ? `Addition ${additionId}, which billed ${unitPriceText(from.price)}, was deleted in ConnectWise`
      : `Addition ${additionId} was changed in ConnectWise: it bills ${unitPriceText(to.price)} where the invoice charges ${unitPriceText(from.price)}`,
    'A line of an annual invoice is carried once; what a person changed of it stays.',
    'Set it back in ConnectWise if it was not meant.',
    [additionId],
  )

export const lineMissing = (additionId: number, of: Amount): Finding =>
  finding(
    'annual-line-asked',
    'warning',
    `Addition ${additionId}, which billed ${unitPriceText(of.price)} of an annual invoice, is no longer in ConnectWise`,
    'It may have been invoiced before somebody deleted it, so it is not created again by itself.',
    'Say whether it is to be created again, or is billed otherwise.',
    [additionId],
  )

export const lineTwiceOn = (line: InvoiceLine, invoiceId: string): Finding =>
  finding(
    'annual-line-asked',
    'warning',
    `Invoice ${invoiceId} has the same line already`,
    `${lineText(line)} If this invoice was issued in the place of that one, it would be billed twice.`,
    'Say whether the line is billed here, too, or is billed otherwise.',
  )

export const mayBeBilled = (line: InvoiceLine, additionIds: readonly number[]): Finding =>
  finding(
    'annual-line-asked',
    'warning',
    'An addition that was not made by this product may bill this line already',
    lineText(line),
    'Say whether the line is billed here beside it, or is billed otherwise.',
    additionIds,
  )

export const creditOfNothing = (line: InvoiceLine): Finding =>
  finding(
    'annual-line-asked',
    'warning',
    'The invoice gives back what is not billed here',
    `${lineText(line)} No line that is carried here is the one that it takes back.`,
    'Say whether the customer gets the credit here, or otherwise.',
  )

export const lineNotAtOnce = (line: InvoiceLine): Finding =>
  finding(
    'annual-line-odd',
    'error',
    'An annual invoice has a line of a term that is not billed at once',
    `${lineText(line)} Its cycle and term are “${[line.billingCycle, line.termDuration, line.termUnit]
      .map((field) => field ?? '')
      .join(' ')
      .trim()}”.`,
    'Ask rhipe about the line; until then bill it by hand if the customer should pay for it.',
  )

export const reissueWaits = (invoiceId: string): Finding =>
  finding(
    'annual-reissued',
    'warning',
    `PRISM issued invoice ${invoiceId} again with other lines`,
    'What was written of it stays, and nothing more of it is written until somebody picks one of the two.',
    'Pick the one that counts under Microsoft CSP, Invoices.',
  )

export const issuedBefore = (since: Day): Finding =>
  finding(
    'annual-issued-before',
    'note',
    `The invoice was issued before ${shortDay(since)}, when terms that are billed at once were switched on`,
    'It may be billed already, so nothing of it is written by itself.',
    'Take the invoice over if its lines are to be billed here.',
  )
