import {
  connectionSchema,
  connectionsSchema,
  connectWiseInputSchema,
  generateInputSchema,
  prismInputSchema,
} from '#app/api/schemas/connections.ts'
import {
  agreementsQuerySchema,
  agreementsSchema,
  companiesQuerySchema,
  companiesSchema,
} from '#app/api/schemas/connectwise.ts'
import { fixedSchema, preflightQuerySchema, preflightSchema } from '#app/api/schemas/preflight.ts'
import { programQuerySchema } from '#app/api/schemas/programs.ts'
import { verifiedSchema } from '#app/api/schemas/verify.ts'
import type { Contracts } from './contract.ts'
import { connectionKind, preflightCheck, record } from './in-path.ts'

export const connections = {
  'GET /api/connections': {
    id: 'connections',
    does: 'Both connections and how they are.',
    access: 'connections.read',
    reply: connectionsSchema,
  },
  'PUT /api/connections/prism': {
    id: 'connectPrism',
    does: 'Tries PRISM’s credentials and keeps them.',
    access: 'connections.write',
    body: prismInputSchema,
    reply: connectionSchema,
  },
  'DELETE /api/connections/prism': {
    id: 'disconnectPrism',
    does: 'Forgets PRISM’s credentials.',
    access: 'connections.write',
    reply: 'nothing',
  },
  'POST /api/connections/prism/generate': {
    id: 'generatePrismClient',
    does: 'Makes an API client in PRISM in the person’s name, tries it and keeps it (B2).',
    access: 'connections.write',
    body: generateInputSchema,
    reply: connectionSchema,
  },
  'PUT /api/connections/connectwise': {
    id: 'connectConnectWise',
    does: 'Tries ConnectWise’s keys and keeps them.',
    access: 'connections.write',
    body: connectWiseInputSchema,
    reply: connectionSchema,
  },
  'DELETE /api/connections/connectwise': {
    id: 'disconnectConnectWise',
    does: 'Forgets ConnectWise’s keys.',
    access: 'connections.write',
    reply: 'nothing',
  },
  'POST /api/connections/{kind}/test': {
    id: 'testConnection',
    does: 'Tries a connection with what is stored of it.',
    access: 'connections.write',
    path: { kind: connectionKind },
    reply: connectionSchema,
  },
  'GET /api/preflight': {
    id: 'preflight',
    does: 'What ConnectWise must have before anything is written, and what of it is missing (A4).',
    access: 'preflight.read',
    query: preflightQuerySchema,
    reply: preflightSchema,
  },
  'POST /api/preflight/{check}/fix': {
    id: 'fixCheck',
    does: 'Creates or activates in ConnectWise what the check found wanting (A4), and says what it did.',
    access: 'preflight.fix',
    path: { check: preflightCheck },
    query: programQuerySchema,
    reply: fixedSchema,
  },
  'POST /api/connectwise/verify': {
    id: 'verifyInstance',
    does: 'Looks at which rules hold in ConnectWise that no source states, by its own invoices; it only reads there (J13).',
    access: 'connections.write',
    reply: verifiedSchema,
  },
  'GET /api/connectwise/companies': {
    id: 'companies',
    does: 'Companies in ConnectWise.',
    access: 'companies.find',
    query: companiesQuerySchema,
    reply: companiesSchema,
  },
  'GET /api/connectwise/companies/{id}/agreements': {
    id: 'agreements',
    does: 'A company’s agreements, each with what speaks against it (A5).',
    access: 'customers.map',
    onScreen: 'company',
    path: { id: record },
    query: agreementsQuerySchema,
    reply: agreementsSchema,
  },
} as const satisfies Contracts
