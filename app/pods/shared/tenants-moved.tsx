import type { MovedTenant } from '#app/api/schemas/pod.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { monthName } from '#lib/billing/format.ts'

const sentence = ({ name, until, goesTo }: MovedTenant): string => {
  const where = goesTo === null ? `The mapping of ${name} was cleared` : `${name} moved to ${goesTo}`
  return until === null
    ? `${where}. What it had here was left as it is.`
    : `${where}. It is billed here up to ${monthName(until)}.`
}

/** Customers that were mapped here: until when they are billed here, and whether something of that is still to be done (E5). */
export function TenantsMoved({ moved }: { moved: readonly MovedTenant[] }) {
  return moved.map((tenant) => (
    <Note key={tenant.id} tone={tenant.isDone ? 'quiet' : 'warn'}>
      {sentence(tenant)}
      {tenant.isDone ? '' : ' The next sync ends what is left, or takes what its last invoices still have.'}
    </Note>
  ))
}
