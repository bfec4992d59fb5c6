/** The pages of the site that the search box leads to (J15), with what else people call them. */
import { type Action, mayDo, type Principal } from '#lib/auth/actions.ts'
import { type Program, programs } from '#lib/programs/registry.ts'

export interface SitePage {
  readonly href: string
  readonly text: string
  readonly action: Action
  /** Other words for it. */
  readonly also: string
}

const everyOnes: readonly SitePage[] = [
  { href: '/', text: 'Dashboard', action: 'program.read', also: 'home start overview' },
  { href: '/todo', text: 'To do', action: 'customers.read', also: 'inbox waiting errors warnings attention' },
  { href: '/history', text: 'History', action: 'runs.read', also: 'syncs runs log' },
  {
    href: '/connections',
    text: 'Connections',
    action: 'connections.read',
    also: 'credentials keys prism connectwise',
  },
  {
    href: '/connections/pods',
    text: 'Pods in ConnectWise',
    action: 'pods.install',
    also: 'install repair tab',
  },
  { href: '/programs', text: 'Programs', action: 'program.write', also: 'microsoft csp' },
  {
    href: '/preparation',
    text: 'Preparation',
    action: 'preflight.read',
    also: 'preflight checks category unit misc role permissions',
  },
  { href: '/going-live', text: 'Going live', action: 'program.read', also: 'checklist first steps' },
  { href: '/limits', text: 'Limits', action: 'program.read', also: 'limitations' },
  {
    href: '/settings',
    text: 'Settings',
    action: 'own-account.write',
    also: 'people invitations tokens password members account',
  },
  { href: '/audit', text: 'Audit', action: 'audit.read', also: 'who changed what' },
  { href: '/help', text: 'Troubleshooting', action: 'program.read', also: 'help messages' },
]

const ofProgram = ({ slug, name }: Program): SitePage[] => {
  const path = `/programs/${slug}`
  return [
    { href: path, text: name, action: 'program.read', also: 'options notifications webhook program' },
    {
      href: `${path}/months`,
      text: `${name}: Month`,
      action: 'invoices.read',
      also: 'equation close closing proof',
    },
    {
      href: `${path}/customers`,
      text: `${name}: Customers`,
      action: 'customers.read',
      also: 'tenants mapping',
    },
    {
      href: `${path}/customers/match`,
      text: `${name}: Match customers`,
      action: 'customers.many',
      also: 'suggestions map desk',
    },
    {
      href: `${path}/customers/import`,
      text: `${name}: Import mappings`,
      action: 'customers.map',
      also: 'csv file',
    },
    {
      href: `${path}/products`,
      text: `${name}: Products`,
      action: 'products.read',
      also: 'sync preview catalog price list sku',
    },
    { href: `${path}/prices`, text: `${name}: Prices`, action: 'prices.read', also: 'rules margin markup' },
    {
      href: `${path}/invoices`,
      text: `${name}: Invoices`,
      action: 'invoices.read',
      also: 'held refused credits',
    },
    {
      href: `${path}/renewals`,
      text: `${name}: Renewals`,
      action: 'invoices.read',
      also: 'annual terms seats',
    },
  ]
}

/** Those that somebody may see. */
export const pagesOf = ({ role, via }: Pick<Principal, 'role' | 'via'>): SitePage[] =>
  [...everyOnes, ...programs.flatMap(ofProgram)].filter(({ action }) => mayDo(role, action, via))
