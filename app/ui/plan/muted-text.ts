import type { ShownMute } from '#app/api/schemas/mutes.ts'
import { shortDay } from '#lib/billing/format.ts'

type Said = Pick<ShownMute, 'until' | 'untilNextInvoice' | 'mutedBy' | 'reason'>

/** `Muted until 28 Feb 2027 by anna@northwind.example: her own price` */
export const mutedText = ({ until, untilNextInvoice, mutedBy, reason }: Said): string =>
  `Muted until ${untilNextInvoice ? 'the next invoice' : shortDay(until)} by ${mutedBy}: ${reason}`
