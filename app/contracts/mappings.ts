import { customersListQuerySchema } from '#app/api/schemas/customers.ts'
import { startedRunSchema } from '#app/api/schemas/jobs.ts'
import {
  fileReviewInputSchema,
  fileSaveInputSchema,
  reviewSchema,
  savedSchema,
  switchReviewInputSchema,
  switchSaveInputSchema,
  syncManyInputSchema,
} from '#app/api/schemas/mappings.ts'
import type { Contracts } from './contract.ts'
import { program } from './in-path.ts'

export const mappings = {
  'GET /api/programs/{program}/mappings/csv': {
    id: 'mappingsCsv',
    does: 'All customers that fit with where they go, as CSV: the file that an import takes.',
    access: 'program.read',
    path: { program },
    query: customersListQuerySchema,
    reply: 'csv',
  },
  'POST /api/programs/{program}/mappings/review': {
    id: 'reviewMappings',
    does: 'What a CSV file of mappings would do, and what of it is wrong, by row and column; nothing is saved.',
    access: 'customers.many',
    path: { program },
    body: fileReviewInputSchema,
    reply: reviewSchema,
  },
  'POST /api/programs/{program}/mappings/import': {
    id: 'importMappings',
    does: 'Saves what the review of the same file showed: all of it that is right, or nothing where something has changed since.',
    access: 'customers.many',
    path: { program },
    body: fileSaveInputSchema,
    reply: savedSchema,
  },
  'POST /api/programs/{program}/customers/switch/review': {
    id: 'reviewSwitch',
    does: 'What switching the Sync of many customers on or off would do; nothing is saved.',
    access: 'customers.many',
    path: { program },
    body: switchReviewInputSchema,
    reply: reviewSchema,
  },
  'POST /api/programs/{program}/customers/switch': {
    id: 'switchCustomers',
    does: 'Switches the Sync of many customers as the review showed, or of none where something has changed since.',
    access: 'customers.many',
    path: { program },
    body: switchSaveInputSchema,
    reply: savedSchema,
  },
  'POST /api/programs/{program}/customers/sync': {
    id: 'syncCustomers',
    does: 'Starts a sync of many customers’ agreements; of all that sync where none is named.',
    access: 'customers.many',
    path: { program },
    body: syncManyInputSchema,
    reply: startedRunSchema,
    status: 202,
  },
} as const satisfies Contracts
