/** ConnectWise over HTTP: the calls that the product makes, each answer parsed and mapped. */
import { limits } from '#lib/base/limits.ts'
import { agreementCalls } from './agreements.ts'
import { catalogCalls } from './catalog.ts'
import { companyCalls } from './companies.ts'
import { contactCalls } from './contacts.ts'
import { hostedCalls } from './hosted.ts'
import { invoiceCalls } from './invoices.ts'
import { checkMember } from './members.ts'
import { pageSizesOf } from './page-size.ts'
import { permissionCalls } from './permissions.ts'
import { createRequests } from './requests.ts'
import { setupCalls } from './setup-records.ts'
import { apiOrigin } from './site.ts'
import { type ConnectionSettings, createTransport } from './transport.ts'
import type { ConnectWiseClient } from './values.ts'

export interface ConnectWiseSettings extends ConnectionSettings {
  /** Requests under way at the same time; 8 where left out. */
  readonly parallel?: number
}

/** Takes the codebase from `discoverCodebase`; nothing is sent before the first call. */
export function createConnectWiseClient(settings: ConnectWiseSettings): ConnectWiseClient {
  const transport = createTransport(settings)
  const requests = createRequests(transport, {
    parallel: settings.parallel ?? 8,
    pageSizes: pageSizesOf(`${apiOrigin(settings.site)} ${settings.companyId}`),
  })
  return {
    // Company info and system info answer without credentials; a list does not.
    async test() {
      await requests.rows({ method: 'GET', path: '/company/companies' }, (api) =>
        api.CompanyAPI.getCompanyCompanies({ pageSize: 1, fields: 'id' }),
      )
    },
    ...companyCalls(requests),
    ...contactCalls(requests),
    ...agreementCalls(requests),
    ...catalogCalls(requests),
    ...setupCalls(requests),
    ...permissionCalls(requests),
    ...hostedCalls(requests),
    ...invoiceCalls(requests),
    memberInfo: (claim) => checkMember(claim, { timeoutMs: limits.record.timeoutMs, ...settings }, transport),
  }
}
