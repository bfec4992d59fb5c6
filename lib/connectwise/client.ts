/** ConnectWise over HTTP: the calls that the product makes, each answer parsed and mapped. */
import { z } from 'zod'
import { agreementCalls } from './agreements.ts'
import { catalogCalls } from './catalog.ts'
import { hostedCalls } from './hosted.ts'
import { checkMember } from './members.ts'
import { permissionCalls } from './permissions.ts'
import { createRequests } from './requests.ts'
import { setupCalls } from './setup-records.ts'
import { type ConnectionSettings, createTransport } from './transport.ts'
import type { ConnectWiseClient } from './values.ts'

export interface ConnectWiseSettings extends ConnectionSettings {
  /** Requests under way at the same time; 8 where left out. */
  readonly parallel?: number
}

/** Takes the codebase from `discoverCodebase`; nothing is sent before the first call. */
export function createConnectWiseClient(settings: ConnectWiseSettings): ConnectWiseClient {
  const transport = createTransport(settings)
  const requests = createRequests(transport, settings.parallel ?? 8)
  return {
    // Company info and system info answer without credentials; a list does not.
    async test() {
      await requests.one(
        { method: 'GET', path: '/company/companies' },
        z.array(z.unknown()),
        () => null,
        (api) => api.CompanyAPI.getCompanyCompanies({ pageSize: 1, fields: 'id' }),
      )
    },
    ...agreementCalls(requests),
    ...catalogCalls(requests),
    ...setupCalls(requests),
    ...permissionCalls(requests),
    ...hostedCalls(requests),
    memberInfo: (claim) => checkMember(claim, { timeoutMs: 20_000, ...settings }, transport),
  }
}
