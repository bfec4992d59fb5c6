import { costOptional } from '#app/api/schemas/cost-optional.ts'
import {
  beginningQuerySchema,
  beginningSchema,
  clearQuerySchema,
  consequencesQuerySchema,
  customersQuerySchema,
  customersSchema,
  mappedCustomerSchema,
  mappingInputSchema,
  nextPeriodSchema,
  planQuerySchema,
  skipInputSchema,
  skippedSchema,
  unskippedSchema,
} from '#app/api/schemas/customers.ts'
import { endLeftSchema } from '#app/api/schemas/inbox.ts'
import { startedRunSchema } from '#app/api/schemas/jobs.ts'
import { consequencesSchema } from '#app/api/schemas/leaving.ts'
import { productsQuerySchema, productsSchema } from '#app/api/schemas/products.ts'
import {
  companySuggestionsSchema,
  mappingSuggestionsQuerySchema,
  mappingSuggestionsSchema,
} from '#app/api/schemas/suggestions.ts'
import { previewSchema } from '#lib/billing/plan-money.ts'
import type { Contracts } from './contract.ts'
import { anyId, program, record } from './in-path.ts'

const customer = { program, tenantId: anyId }

export const customers = {
  'GET /api/programs/{program}/customers': {
    id: 'customers',
    does: 'A page of the program’s customers.',
    access: 'customers.find',
    onScreen: 'any',
    path: { program },
    query: customersQuerySchema,
    reply: customersSchema,
  },
  'PUT /api/programs/{program}/customers/{tenantId}/mapping': {
    id: 'mapCustomer',
    does: 'Maps a customer to an agreement, or moves it, and switches its Sync on or off.',
    access: 'customers.map',
    onScreen: 'customer',
    path: customer,
    body: mappingInputSchema,
    reply: mappedCustomerSchema,
  },
  'DELETE /api/programs/{program}/customers/{tenantId}/mapping': {
    id: 'clearMapping',
    does: 'Clears the mapping: `end` is the last month that is billed on its agreement, `leave` has everything there stay (E5).',
    access: 'customers.map',
    onScreen: 'customer',
    path: customer,
    query: clearQuerySchema,
    reply: 'nothing',
  },
  'GET /api/programs/{program}/customers/{tenantId}/mapping/consequences': {
    id: 'mappingConsequences',
    does: 'What stays open where the customer is mapped, should it move to another agreement, or its mapping be cleared (E5).',
    access: 'customers.map',
    onScreen: 'customer',
    path: customer,
    query: consequencesQuerySchema,
    reply: consequencesSchema,
  },
  'PUT /api/programs/{program}/customers/{tenantId}/left/{agreementId}': {
    id: 'endLeft',
    does: 'Ends what the customer left open on an agreement that it was mapped to (E5).',
    access: 'customers.map',
    onScreen: 'agreement',
    path: { ...customer, agreementId: record },
    body: endLeftSchema,
    reply: endLeftSchema,
  },
  'GET /api/programs/{program}/customers/{tenantId}/suggestions': {
    id: 'suggestedCompanies',
    does: 'The companies and agreements in ConnectWise that may be the customer’s, each with a score and why (J7).',
    access: 'companies.find',
    path: customer,
    reply: companySuggestionsSchema,
  },
  'GET /api/programs/{program}/suggestions': {
    id: 'mappingSuggestions',
    does: 'A page of the customers that are mapped nowhere, each with its best suggestion, those above the accept-all line first (J7).',
    access: 'companies.find',
    path: { program },
    query: mappingSuggestionsQuerySchema,
    reply: mappingSuggestionsSchema,
  },
  'GET /api/programs/{program}/customers/{tenantId}/beginning': {
    id: 'beginning',
    does: 'What the customer’s next sync on the agreement would take, before it is enabled (E6).',
    access: 'customers.map',
    onScreen: 'customer',
    path: customer,
    query: beginningQuerySchema,
    reply: beginningSchema,
  },
  'GET /api/programs/{program}/customers/{tenantId}/plan': {
    id: 'plan',
    does: 'What a sync would write now, and nothing written: the whole agreement’s plan, its other customers included, and what that changes of its bill.',
    access: 'customers.read',
    onScreen: 'customer',
    path: customer,
    query: planQuerySchema,
    reply: costOptional(previewSchema),
  },
  'GET /api/programs/{program}/customers/{tenantId}/products': {
    id: 'customerProducts',
    does: 'What a product sync would write for this customer, as if it synced, and nothing written (D5).',
    access: 'products.read',
    path: customer,
    query: productsQuerySchema,
    reply: productsSchema,
  },
  'GET /api/programs/{program}/customers/{tenantId}/products/csv': {
    id: 'customerProductsCsv',
    does: 'The same for all products that fit, as CSV.',
    access: 'products.read',
    path: customer,
    query: productsQuerySchema,
    reply: 'csv',
  },
  'POST /api/programs/{program}/customers/{tenantId}/sync': {
    id: 'syncCustomer',
    does: 'Starts a sync of the customer’s agreement, or answers with the one under way.',
    access: 'customers.sync',
    onScreen: 'customer',
    path: customer,
    reply: startedRunSchema,
    status: 202,
  },
  'PUT /api/programs/{program}/customers/{tenantId}/next-period': {
    id: 'startAtPeriod',
    does: 'The customer syncs from this usage period on, whatever was synced before (F12).',
    access: 'customers.reset',
    path: customer,
    body: nextPeriodSchema,
    reply: nextPeriodSchema,
  },
  'POST /api/programs/{program}/customers/{tenantId}/skip': {
    id: 'skipPeriod',
    does: 'Passes over a month of one subscription that failed or waits (F12).',
    access: 'customers.skip',
    path: customer,
    body: skipInputSchema,
    reply: skippedSchema,
  },
  'POST /api/programs/{program}/customers/{tenantId}/unskip': {
    id: 'unskipPeriod',
    does: 'Takes a skipped month back: the next sync plans it again (F12).',
    access: 'customers.skip',
    path: customer,
    body: skipInputSchema,
    reply: unskippedSchema,
  },
} as const satisfies Contracts
