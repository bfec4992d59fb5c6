/** Every route of the API. The routes, the browser's calls and the API's document all come from here. */
import { audit } from './audit.ts'
import { connections } from './connections.ts'
import type { ReplyOf } from './contract.ts'
import { customers } from './customers.ts'
import { deployment } from './deployment.ts'
import { hosted } from './hosted.ts'
import { invoices } from './invoices.ts'
import { people } from './people.ts'
import { programs } from './programs.ts'
import { runs } from './runs.ts'
import { session } from './session.ts'

/** By subject, in the order in which the document has them. */
export const subjects = {
  session,
  people,
  connections,
  programs,
  customers,
  invoices,
  runs,
  hosted,
  audit,
  deployment,
} as const

export const contracts = {
  ...session,
  ...people,
  ...connections,
  ...programs,
  ...customers,
  ...invoices,
  ...runs,
  ...hosted,
  ...audit,
  ...deployment,
} as const

export type Table = typeof contracts
/** What is answered, by the endpoint's name: `Reply<'GET /api/runs/{id}'>`. */
export type Reply<E extends keyof Table> = ReplyOf<Table[E]>
