/** Every route of the API. The routes, the browser's calls and the API's document all come from here. */
import { audit } from './audit.ts'
import { connections } from './connections.ts'
import type { ReplyOf } from './contract.ts'
import { customers } from './customers.ts'
import { deployment } from './deployment.ts'
import { hosted } from './hosted.ts'
import { inbox } from './inbox.ts'
import { invoices } from './invoices.ts'
import { mappings } from './mappings.ts'
import { months } from './months.ts'
import { notifications } from './notifications.ts'
import { people } from './people.ts'
import { priceRules } from './price-rules.ts'
import { programs } from './programs.ts'
import { renewals } from './renewals.ts'
import { runs } from './runs.ts'
import { scan } from './scan.ts'
import { search } from './search.ts'
import { session } from './session.ts'

/** By subject, in the order in which the document has them. */
export const subjects = {
  session,
  people,
  connections,
  programs,
  notifications,
  customers,
  mappings,
  scan,
  inbox,
  invoices,
  months,
  renewals,
  priceRules,
  runs,
  hosted,
  search,
  audit,
  deployment,
} as const

/** What each subject is. */
export const about: Readonly<Record<keyof typeof subjects, string>> = {
  session: 'Who is signed in.',
  people: 'The organisation, its people and its API tokens.',
  connections: 'The connections to PRISM and ConnectWise, and what of ConnectWise is looked at through them.',
  programs: 'A program as a whole: its options, its products, what is answered of its agreements.',
  notifications: 'Who is told of a program, by mail and webhook.',
  customers: 'The customers of a program.',
  mappings: 'Where many customers go at once: by a file, or those of a selection.',
  scan: 'A full scan of ConnectWise as evidence for suggestions, and what it found that is no customer’s.',
  inbox: 'What waits for a person, with the calls that answer it.',
  invoices: 'PRISM’s invoices, and a person’s word about those that wait for it.',
  months: 'Months over PRISM’s whole file, and closing them.',
  renewals: 'What is coming of annual terms.',
  priceRules: 'At which prices additions are written, where that is not PRISM’s.',
  runs: 'Syncs, what they did and what of them waits.',
  hosted: 'Our pods inside ConnectWise.',
  search: 'One box over everything.',
  audit: 'What people changed.',
  deployment: 'For who runs the deployment.',
}

export const contracts = {
  ...session,
  ...people,
  ...connections,
  ...programs,
  ...notifications,
  ...customers,
  ...mappings,
  ...scan,
  ...inbox,
  ...invoices,
  ...months,
  ...renewals,
  ...priceRules,
  ...runs,
  ...hosted,
  ...search,
  ...audit,
  ...deployment,
} as const

export type Table = typeof contracts
/** What is answered, by the endpoint's name: `Reply<'GET /api/runs/{id}'>`. */
export type Reply<E extends keyof Table> = ReplyOf<Table[E]>
