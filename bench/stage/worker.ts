/** What a process of the product is in a benchmark: the real clients and jobs, against the stand-ins. */
import type { Database } from '#db/client.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { putMapping } from '#db/mappings/mappings.ts'
import { putProgramSettings } from '#db/prism/programs.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { Secret } from '#lib/base/secrets.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import type { Clients, Worker } from '#lib/jobs/worker.ts'
import { createPrismClient } from '#lib/prism/client.ts'
import { programs } from '#lib/programs/registry.ts'
import { freshPreflight } from '#lib/setup/preflight.ts'
import { agreementIdOf, companyIdOf, credentialsOf, type PartnerSize, tenantIdOf } from './partner.ts'
import type { Addresses } from './standins.ts'

const [microsoftCsp] = programs
export const program = microsoftCsp.slug
const CLIENTS_KEPT = 16

/** Ids of the organisations, one for each partner in their order; all customers mapped and syncing. */
export async function createOrganisations(db: Database, partners: readonly PartnerSize[]): Promise<string[]> {
  const ids: string[] = []
  for (const [partner, { customers }] of partners.entries()) {
    const { id } = await createOrganisation(db, { name: `Northwind ${partner}` })
    await putProgramSettings(db, id, program, {
      ...microsoftCsp.defaults,
      enabled: true,
      firstSync: 'catch-up',
    })
    for (let customer = 0; customer < customers; customer += 1)
      await putMapping(db, id, program, tenantIdOf(partner, customer), {
        companyId: companyIdOf(customer),
        agreementId: agreementIdOf(customer),
        syncEnabled: true,
      })
    ids.push(id)
  }
  return ids
}

export interface WorkerSetUp {
  readonly addresses: Addresses
  /** One for each partner. */
  readonly organisationIds: readonly string[]
  /** Jobs at a time. */
  readonly jobs: number
  /** Looks at each ConnectWise's set-up before it looks for invoices, as the app does. */
  readonly hasPreflight?: boolean
}

/**
 * One client a connection, 8 requests at a time, without pacing.
 * @param onRequest called right before each request to ConnectWise
 */
export function workerOf(
  db: Database,
  { addresses, organisationIds, jobs, hasPreflight = false }: WorkerSetUp,
  onRequest: () => void = () => {},
): Worker {
  const hosts = [addresses.prism, ...addresses.connectWise].map((address) => new URL(address).host)
  const guard = createGuard({ trustedHosts: new Set(hosts) })
  const open = (organisationId: string): Clients => {
    const partner = organisationIds.indexOf(organisationId)
    const { clientId, clientSecret } = credentialsOf(partner)
    return {
      currency: 'AUD',
      prism: createPrismClient({
        apiUrl: addresses.prism,
        identityUrl: addresses.prism,
        clientId,
        clientSecret: new Secret(clientSecret),
        guard,
      }),
      connectWise: createConnectWiseClient({
        site: addresses.connectWise[partner] ?? '',
        companyId: 'acme',
        publicKey: 'pub',
        privateKey: new Secret('priv'),
        clientId: 'any',
        codebase: 'v2025_1',
        guard,
        timeoutMs: 20_000,
        parallel: 8,
        pace: async () => onRequest(),
      }),
    }
  }
  // A few at a time, so that memory does not grow with the organisations.
  const opened = new Map<string, Clients>()
  return {
    db,
    clients: async (organisationId) => {
      const clients = opened.get(organisationId) ?? open(organisationId)
      opened.delete(organisationId)
      opened.set(organisationId, clients)
      const [longestUnused] = opened.keys()
      if (opened.size > CLIENTS_KEPT && longestUnused !== undefined) opened.delete(longestUnused)
      return clients
    },
    noteUse: async () => {},
    ...(hasPreflight && {
      beforeDetect: async ({ organisationId, options, connectWise }) => {
        const names = options.defaults
        await freshPreflight({ ctx: { db, organisationId, program, names, connectWise } })
      },
    }),
    settings: { connectWiseTimeoutMs: 20_000, leaseMs: 15_000, parallel: jobs },
  }
}
