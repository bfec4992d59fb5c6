import {
  companyContentSchema,
  installedPodsSchema,
  podContentSchema,
  podSessionSchema,
} from '#app/api/schemas/pod.ts'
import { hostedSignInSchema } from '#app/api/schemas/session.ts'
import type { Contracts } from './contract.ts'
import { record } from './in-path.ts'

export const hosted = {
  'POST /api/hosted/session': {
    id: 'signInMember',
    does: 'A ConnectWise member’s claim becomes a verified session: a cookie, and the same as a token for browsers that drop the cookie (H4).',
    access: 'open',
    body: hostedSignInSchema,
    reply: podSessionSchema,
  },
  'POST /api/hosted/setups': {
    id: 'installPods',
    does: 'Installs our pods in ConnectWise, or repairs them (H5).',
    access: 'pods.install',
    reply: installedPodsSchema,
  },
  'GET /api/hosted/agreements/{id}': {
    id: 'agreementPod',
    does: 'What the agreement pod shows.',
    access: 'pods.read',
    onScreen: 'agreement-page',
    path: { id: record },
    reply: podContentSchema,
  },
  'GET /api/hosted/companies/{id}': {
    id: 'companyPod',
    does: 'A company’s customers and the agreements that they are mapped to, whatever the program.',
    access: 'pods.read',
    onScreen: 'company-page',
    path: { id: record },
    reply: companyContentSchema,
  },
} as const satisfies Contracts
