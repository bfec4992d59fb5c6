import {
  scanSchema,
  stoppedScanSchema,
  unclaimedCompaniesSchema,
  unclaimedQuerySchema,
} from '#app/api/schemas/scan.ts'
import type { Contracts } from './contract.ts'
import { program } from './in-path.ts'

export const scan = {
  'GET /api/connectwise/scan': {
    id: 'scan',
    does: 'How far the last full scan of ConnectWise is, and how old what suggestions use of it is (J7).',
    access: 'companies.find',
    reply: scanSchema,
  },
  'POST /api/connectwise/scan': {
    id: 'startScan',
    does: 'Reads the additions of all active agreements in the background, or goes on where a scan stopped (J7).',
    access: 'customers.many',
    reply: scanSchema,
    status: 202,
  },
  'POST /api/connectwise/scan/stop': {
    id: 'stopScan',
    does: 'Asks the scan to end after the requests in flight; what it read stays.',
    access: 'customers.many',
    reply: stoppedScanSchema,
  },
  'GET /api/programs/{program}/companies-without-customer': {
    id: 'companiesWithoutCustomer',
    does: 'A page of the companies that the last full scan found Microsoft additions of, and that are no customer’s (J7).',
    access: 'companies.find',
    path: { program },
    query: unclaimedQuerySchema,
    reply: unclaimedCompaniesSchema,
  },
} as const satisfies Contracts
