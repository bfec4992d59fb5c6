import { companyContentSchema, companyQuerySchema } from '#app/api/schemas/company.ts'
import {
  hostedSetupsSchema,
  installedPodsSchema,
  podQuerySchema,
  podsInputSchema,
  removedPodsSchema,
} from '#app/api/schemas/hosted-setups.ts'
import {
  agreementFitnessSchema,
  agreementMonthQuerySchema,
  agreementMonthSchema,
  agreementMonthsSchema,
  podContentSchema,
  podSessionSchema,
} from '#app/api/schemas/pod.ts'
import { hostedSignInSchema } from '#app/api/schemas/session.ts'
import type { Contracts } from './contract.ts'
import { period, record } from './in-path.ts'

export const hosted = {
  'POST /api/hosted/session': {
    id: 'signInMember',
    does: 'A ConnectWise member’s claim becomes a verified session: a cookie, and the same as a token for browsers that drop the cookie (H4).',
    access: 'open',
    body: hostedSignInSchema,
    reply: podSessionSchema,
  },
  'GET /api/hosted/setups': {
    id: 'hostedSetups',
    does: 'Which of our pods ConnectWise offers and has, what of them is wrong, and what to enter by hand (H5).',
    access: 'connections.read',
    reply: hostedSetupsSchema,
  },
  'POST /api/hosted/setups': {
    id: 'installPods',
    does: 'Installs our pods in ConnectWise, or repairs them (H5).',
    access: 'pods.install',
    body: podsInputSchema,
    reply: installedPodsSchema,
  },
  'DELETE /api/hosted/setups': {
    id: 'removePods',
    does: 'Removes our pods from ConnectWise and nothing else (H5).',
    access: 'pods.install',
    query: podQuerySchema,
    reply: removedPodsSchema,
  },
  'GET /api/hosted/agreements/{id}': {
    id: 'agreementPod',
    does: 'What the agreement pod shows.',
    access: 'pods.read',
    onScreen: 'agreement-page',
    path: { id: record },
    reply: podContentSchema,
  },
  'GET /api/hosted/agreements/{id}/fitness': {
    id: 'agreementFitness',
    does: 'What of the agreement, read from ConnectWise now, keeps the next sync from it (F13).',
    access: 'pods.read',
    onScreen: 'agreement-page',
    path: { id: record },
    reply: agreementFitnessSchema,
  },
  'GET /api/hosted/agreements/{id}/months': {
    id: 'agreementMonths',
    does: 'The months that were synced on the agreement, the newest first.',
    access: 'pods.read',
    onScreen: 'agreement-page',
    path: { id: record },
    reply: agreementMonthsSchema,
  },
  'GET /api/hosted/agreements/{id}/months/{period}': {
    id: 'agreementMonth',
    does: 'What was invoiced, billed and changed in one of them, as its last sync left it.',
    access: 'pods.read',
    onScreen: 'agreement-page',
    path: { id: record, period },
    query: agreementMonthQuerySchema,
    reply: agreementMonthSchema,
  },
  'GET /api/hosted/companies/{id}': {
    id: 'companyPod',
    does: 'A company’s agreements with their customers and last results, and the customers that may be the company’s (H2).',
    access: 'pods.read',
    onScreen: 'company-page',
    path: { id: record },
    query: companyQuerySchema,
    reply: companyContentSchema,
  },
} as const satisfies Contracts
