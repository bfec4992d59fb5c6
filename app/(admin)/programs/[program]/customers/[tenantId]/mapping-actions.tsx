'use client'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { MappingDialog } from './mapping-dialog.tsx'

interface MappingActionsProps {
  readonly program: string
  readonly customer: Customer
  readonly may: { readonly map: boolean; readonly sync: boolean }
  readonly currency: string
}

/** Where the customer goes, and whether it syncs. */
export function MappingActions({ program, customer, may, currency }: MappingActionsProps) {
  const [isOpen, setOpen] = useState(false)
  if (!may.map) return null
  const of = { program, tenantId: customer.tenantId }
  return (
    <>
      <Button tone={customer.mapping === null ? 'primary' : undefined} onClick={() => setOpen(true)}>
        {customer.mapping === null ? 'Map' : 'Edit mapping'}
      </Button>
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
