/** Companies of tests, each field as it is where nothing is wrong. */
import type { CompanyAgreement, CompanyContent } from '#app/api/schemas/company.ts'
import type { Period } from '#lib/billing/types.ts'

type Made<T> = { readonly [K in keyof T]?: unknown }

const PROGRAM = { slug: 'microsoft-csp', name: 'Microsoft CSP' }
export const OCTOBER = '2026-10' as Period

/** October's invoice came after the last sync. */
export const BEHIND = { period: OCTOBER, price: '100.00' }

export const tenant = (name: string, changes: Made<CompanyAgreement['tenants'][number]> = {}) => ({
  id: `id of ${name}`,
  name,
  domain: `${name.toLowerCase()}.example`,
  syncs: true,
  firstSync: { invoiceId: 'invoice-10', period: OCTOBER },
  checkMonth: null,
  ...changes,
})

export const proof = (invoiced: string, billed: string, changes: object = {}) => ({
  period: OCTOBER,
  invoiced,
  billed,
  verdict:
    invoiced === billed
      ? { tone: 'good', sentence: 'Agrees. To the cent.', terms: [] }
      : {
          tone: 'warn',
          sentence: 'PRISM invoiced more than the additions bill:',
          terms: [{ amount: '1.00', reason: 'from additions that somebody edited in ConnectWise' }],
        },
  waiting: 0,
  ...changes,
})

export const result = (status: string, changes: object = {}) => ({
  runId: '5cb8baa8-0000-4000-8000-000000000000',
  finishedAt: '2026-11-02T09:14:00.000Z',
  actor: 'schedule',
  status,
  note: null,
  message: null,
  detail: null,
  remedy: null,
  reference: null,
  ...changes,
})

export const finding = (message: string, severity = 'error') => ({
  code: message,
  severity,
  field: 'Date End',
  message,
  remedy: 'Pick another agreement.',
})

export const cause = (message: string, changes: object = {}) => ({
  product: 'Project Plan 3',
  severity: 'error',
  message,
  detail: null,
  remedy: 'Cancel it by hand.',
  from: '2026-08',
  to: OCTOBER,
  amounts: { invoiced: '96.60', billed: '0.00' },
  ...changes,
})

/** Synced and right, with one customer. */
export const agreement = (id: number, changes: Made<CompanyAgreement> = {}): CompanyAgreement =>
  ({
    id,
    isOneTime: false,
    name: `Agreement ${id}`,
    type: 'Managed Services',
    findings: [],
    program: PROGRAM,
    tenants: [tenant('Coho')],
    moved: [],
    result: result('No Change'),
    proof: proof('100.00', '100.00'),
    second: null,
    behind: null,
    causes: [],
    causeCount: 0,
    running: null,
    ...changes,
  }) as CompanyAgreement

export const company = (
  agreements: readonly CompanyAgreement[],
  changes: Made<CompanyContent> = {},
): CompanyContent =>
  ({
    company: { id: 1, name: 'Coho Winery Pty Ltd' },
    currency: 'AUD',
    isPrismConnected: true,
    programs: [{ ...PROGRAM, enabled: true, lastCheckedAt: null }],
    readAt: '2026-11-26T05:00:00.000Z',
    problem: null,
    agreements,
    unreadable: [],
    suggested: [],
    search: 'Coho',
    may: { sync: true, map: true },
    ...changes,
  }) as CompanyContent
