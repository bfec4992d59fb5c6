/** What the columns of a file of mappings are, by their headings. */

export const roles = [
  'tenantId',
  'domain',
  'customer',
  'companyId',
  'companyIdentifier',
  'companyName',
  'agreementId',
  'agreementName',
  'sync',
] as const
export type Role = (typeof roles)[number]

/** The headings that our own file has, in its order; a company's identifier is not stored with a mapping. */
export const exportHeadings = [
  'Tenant ID',
  'Domain',
  'Customer',
  'Company ID',
  'Company',
  'Agreement ID',
  'Agreement',
  'Sync',
] as const

/** Without case, spaces and punctuation. ConnectWise's screens call a company's identifier “Company ID”; its id is taken there, too. */
const headings: Readonly<Record<Role, readonly string[]>> = {
  tenantId: ['tenantid', 'tenant', 'customerid', 'customertenantid', 'microsoftid', 'microsofttenantid'],
  domain: ['domain', 'domainname', 'primarydomain', 'primarydomainname', 'customerdomain', 'tenantdomain'],
  customer: ['customer', 'customername', 'tenantname'],
  companyId: ['companyid', 'companyrecordid', 'companyrecid', 'connectwisecompanyid', 'companynumber'],
  companyIdentifier: ['companyidentifier', 'identifier', 'connectwisecompanyidentifier'],
  companyName: ['company', 'companyname', 'connectwisecompany'],
  agreementId: [
    'agreementid',
    'agreementrecordid',
    'agreementrecid',
    'connectwiseagreementid',
    'agreementnumber',
  ],
  agreementName: ['agreement', 'agreementname', 'connectwiseagreement'],
  sync: ['sync', 'syncon', 'syncenabled', 'synconoff', 'synchronise', 'synchronize'],
}

const bare = (heading: string): string => heading.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** What a column is; `null` where its heading says nothing to us. */
export function roleOf(heading: string): Role | null {
  const name = bare(heading)
  return roles.find((role) => headings[role].includes(name)) ?? null
}
