import { customersListQuerySchema } from '#app/api/schemas/customers.ts'
import {
  cutoverAnsweredSchema,
  cutoverAnswerInputSchema,
  cutoverInputSchema,
  cutoverSchema,
  cutoverTakeBackSchema,
} from '#app/api/schemas/cutover.ts'
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
  'POST /api/programs/{program}/customers/questions': {
    id: 'cutoverQuestions',
    does: 'What becomes of the additions of customers that begin, and what of it is asked, as if they synced; nothing is saved (J8).',
    access: 'customers.many',
    path: { program },
    body: cutoverInputSchema,
    reply: cutoverSchema,
  },
  'POST /api/programs/{program}/customers/answers': {
    id: 'answerQuestions',
    does: 'Gives one answer to the questions of many customers, or to none where one has changed since it was shown (J8).',
    access: 'customers.many',
    path: { program },
    body: cutoverAnswerInputSchema,
    reply: cutoverAnsweredSchema,
  },
  'POST /api/programs/{program}/customers/answers/undo': {
    id: 'takeAnswersBack',
    does: 'Takes an answer that was given for many back, of all of them or of none.',
    access: 'customers.many',
    path: { program },
    body: cutoverTakeBackSchema,
    reply: cutoverAnsweredSchema,
  },
} as const satisfies Contracts
