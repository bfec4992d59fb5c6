'use client'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { MappingDialog } from './mapping-dialog.tsx'
import { SyncCustomer } from './sync-customer.tsx'

interface MappingProps {
  readonly program: string
  readonly customer: Customer
  readonly may: { readonly map: boolean; readonly sync: boolean }
  readonly currency: string
}

/** What can be done about a customer: where it goes, whether it syncs, and a sync now. */
export function MappingActions({ program, customer, may, currency }: MappingProps) {
  const [isOpen, setOpen] = useState(false)
  const of = { program, tenantId: customer.tenantId }
  return (
    <>
      {may.map ? (
        <Button tone={customer.mapping === null ? 'primary' : undefined} onClick={() => setOpen(true)}>
          {customer.mapping === null ? 'Map' : 'Edit mapping'}
        </Button>
      ) : null}
      {may.sync && customer.mapping?.syncEnabled ? <SyncCustomer of={of} /> : null}
      {isOpen ? (
        <MappingDialog
          of={of}
          customer={customer}
          may={may}
          currency={currency}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  )
}
