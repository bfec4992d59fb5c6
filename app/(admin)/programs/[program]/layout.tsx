import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { requirePage } from '#app/http/page-guard.ts'
import { server } from '#app/process/process.ts'
import { Mark } from '#app/ui/kit/mark.tsx'
import { Tabs } from '#app/ui/kit/tabs.tsx'
import { programSettings } from '#db/prism/programs.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import styles from './program.module.css'

interface LayoutProps {
  readonly params: Promise<{ program: string }>
  readonly children: ReactNode
}

/** A program's own pages, whatever the program (C1, C6). */
export default async function ProgramLayout({ params, children }: LayoutProps) {
  const { organisationId, role } = await requirePage('program.read')
  const program = programBySlug((await params).program)
  if (program === undefined) notFound()
  const settings = await programSettings(server().db, organisationId, program.slug)
  const path = `/programs/${program.slug}`
  return (
    <>
      <div className={styles['head']}>
        <h1>{program.name}</h1>
        {settings?.enabled ? <Mark tone="good">Sync is on</Mark> : <Mark tone="warn">Sync is off</Mark>}
      </div>
      <Tabs
        label={program.name}
        tabs={[
          { href: path, text: 'Overview' },
          ...(mayDo(role, 'invoices.read') ? [{ href: `${path}/months`, text: 'Month' }] : []),
          { href: `${path}/customers`, text: 'Customers' },
          { href: `${path}/products`, text: 'Products' },
          ...(mayDo(role, 'prices.read') ? [{ href: `${path}/prices`, text: 'Prices' }] : []),
          ...(mayDo(role, 'invoices.read')
            ? [
                { href: `${path}/invoices`, text: 'Invoices' },
                { href: `${path}/renewals`, text: 'Renewals' },
              ]
            : []),
        ]}
      />
      {children}
    </>
  )
}
