import type { Metadata } from 'next'
import { shownTo } from '#app/http/shown-to.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { agreementContent } from '#app/views/agreement-content.ts'
import { oneTimeMapping } from '#db/mappings/one-time.ts'
import { invoicedOf } from '#db/prism/invoiced-of.ts'
import { monthName } from '#lib/billing/format.ts'
import { CustomerBill } from './customer-bill.tsx'
import { type CustomerPage, type CustomerParams, customerPage, titleOf } from './customer-page.ts'

interface PageProps {
  readonly params: CustomerParams
}

export const generateMetadata = ({ params }: PageProps): Promise<Metadata> => titleOf(params, 'Bill')

/** First of all what its agreement's pod shows: what PRISM invoiced, what ConnectWise bills, and what is wrong (H1). */
export default async function CustomerBillPage({ params }: PageProps) {
  const of = await customerPage('customers.read', params)
  const { principal, program, customer } = of
  const { mapping, tenantId } = customer
  const oneTime = await oneTimeMapping(server().db, principal.organisationId, program.slug, tenantId)
  return (
    <>
      {mapping === null ? (
        <NotMapped {...of} />
      ) : (
        <Bill {...of} agreementId={mapping.agreementId} label="Bill" />
      )}
      {oneTime === null ? null : (
        <Bill {...of} agreementId={oneTime.agreementId} label="Annual terms billed at once" />
      )}
    </>
  )
}

interface BillProps extends CustomerPage {
  readonly agreementId: number
  readonly label: string
}

async function Bill({ principal, agreementId, label }: BillProps) {
  const content = await agreementContent(principal, agreementId)
  return (
    <CustomerBill
      key={agreementId}
      agreementId={agreementId}
      label={label}
      initial={shownTo(principal, content)}
    />
  )
}

/** What nobody bills is said with its amount. */
async function NotMapped({ principal, program, customer, may }: CustomerPage) {
  const { organisationId } = principal
  const [invoiced, currency] = await Promise.all([
    invoicedOf(server().db, organisationId, program.slug, [customer.tenantId]),
    currencyOf(organisationId),
  ])
  const found = invoiced.get(customer.tenantId)
  const remedy = may.map
    ? 'Press Map, and choose the agreement that bills it.'
    : 'Somebody who may map chooses it.'
  if (found === undefined)
    return <Note tone="quiet">It is not mapped, and no invoice contains it yet. {remedy}</Note>
  return (
    <Note tone="warn" remedy={remedy}>
      Nobody bills this customer: it is not mapped. PRISM invoiced {moneyText(found.price, currency)} at
      retail prices for {monthName(found.period)}
      {found.from === found.period ? '' : `, and invoices it since ${monthName(found.from)}`}.
    </Note>
  )
}
