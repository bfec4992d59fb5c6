'use client'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import styles from '../../customers.module.css'
import { OneTimeDialog } from '../one-time-dialog.tsx'

interface AnnualTermsProps {
  readonly program: string
  readonly customer: Customer
  readonly mayMap: boolean
  readonly currency: string
}

/** Where annual invoices of the customer go (J9); nothing where these terms are off and it has none. */
export function AnnualTerms({ program, customer, mayMap, currency }: AnnualTermsProps) {
  const [isOpen, setOpen] = useState(false)
  const { annual } = customer
  if (annual === null) return null
  const { mapping, waits, isOn } = annual
  const company = customer.mapping ?? mapping
  return (
    <section aria-labelledby="annual-terms">
      <h3 id="annual-terms">Annual terms billed at once</h3>
      {waits === null ? null : (
        <Note
          tone="warn"
          remedy={mapping === null ? 'Choose the agreement that bills it.' : 'Switch its Sync on.'}
        >
          {moneyText(waits, currency)} of annual invoices is billed nowhere.
        </Note>
      )}
      {mapping === null ? (
        <p>No One-Time agreement carries its annual invoices.</p>
      ) : (
        <p className={styles['facts']}>
          <span>
            {mapping.companyName}, {mapping.agreementName}
          </span>
          <Mark tone="quiet">{mapping.syncEnabled ? 'Sync on' : 'Sync off'}</Mark>
        </p>
      )}
      {isOn ? null : <p>These terms are switched off for the program: nothing of them is carried.</p>}
      {mayMap ? (
        <Button
          tone={mapping === null ? 'primary' : undefined}
          {...(company === null ? { whyNot: 'Map the customer to its company first.' } : {})}
          onClick={() => setOpen(true)}
        >
          {mapping === null ? 'Choose agreement' : 'Edit agreement'}
        </Button>
      ) : null}
      {isOpen && company !== null ? (
        <OneTimeDialog
          of={{ program, tenantId: customer.tenantId }}
          customer={customer}
          company={company}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </section>
  )
}
