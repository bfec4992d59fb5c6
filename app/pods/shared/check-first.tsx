import type { MappedContent } from '#app/api/schemas/pod.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { invoiceOfUsage } from '#lib/billing/invoice-month.ts'
import type { Period } from '#lib/billing/types.ts'

interface CheckFirstProps {
  readonly tenants: MappedContent['tenants']
  /** The newest month that was synced. */
  readonly newest: Period
}

/** A customer’s first two months are looked at before anything of them is invoiced, as rhipe’s guide says (G6). */
export function CheckFirst({ tenants, newest }: CheckFirstProps) {
  const isAlone = tenants.length === 1
  return tenants.map(({ id, name, checkMonth }) =>
    checkMonth === null ? null : (
      <Note
        key={id}
        tone="warn"
        remedy={`Compare each subscription’s quantity and amount with PRISM’s ${invoiceOfUsage(newest)}, and “Additions bill” with what ConnectWise is about to invoice. Send ConnectWise’s invoice when both agree.`}
      >
        <b>Check before invoicing:</b> {isAlone ? 'the customer' : name} is in its{' '}
        {checkMonth === 1 ? 'first' : 'second'} month here.
      </Note>
    ),
  )
}
