'use client'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { Button } from '#app/ui/kit/button.tsx'

const MappingDialog = dynamic(() =>
  import('./[tenantId]/mapping-dialog.tsx').then(({ MappingDialog }) => MappingDialog),
)

interface EditMappingProps {
  readonly program: string
  readonly customer: Customer
  readonly may: { readonly map: boolean; readonly sync: boolean }
  readonly currency: string
}

/** The guide's pencil (E2): where the customer goes, in the row. */
export function EditMapping({ program, customer, may, currency }: EditMappingProps) {
  const [isOpen, setOpen] = useState(false)
  const { tenantId, name, mapping } = customer
  return (
    <>
      <Button
        tone="plain"
        aria-label={`${mapping === null ? 'Map' : 'Edit the mapping of'} ${name}`}
        title={mapping === null ? 'Map' : 'Edit mapping'}
        onClick={() => setOpen(true)}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor">
          <path d="M2.5 13.5 3.3 10.3 11 2.6a1.4 1.4 0 0 1 2 0l.4.4a1.4 1.4 0 0 1 0 2L5.7 12.7Z" />
          <path d="M9.6 4 12 6.4" />
        </svg>
      </Button>
      {isOpen ? (
        <MappingDialog
          of={{ program, tenantId }}
          customer={customer}
          may={may}
          currency={currency}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  )
}
