import {
  answeredSchema,
  answerInputSchema,
  answersSchema,
  billedInputSchema,
  billedSchema,
  editsInputSchema,
} from '#app/api/schemas/answers.ts'
import { costOptional } from '#app/api/schemas/cost-optional.ts'
import { beginInputSchema, begunSchema } from '#app/api/schemas/customers.ts'
import { startedRunSchema, stoppedRunsSchema } from '#app/api/schemas/jobs.ts'
import { productsQuerySchema, productsSchema } from '#app/api/schemas/products.ts'
import {
  contractAgreementsSchema,
  missedSchema,
  programInputSchema,
  programSchema,
} from '#app/api/schemas/programs.ts'
import { previewSchema } from '#lib/billing/plan-money.ts'
import type { Contracts } from './contract.ts'
import { day, program, record } from './in-path.ts'

export const programs = {
  'GET /api/programs/{program}': {
    id: 'program',
    does: 'A program with its options.',
    access: 'program.read',
    path: { program },
    reply: programSchema,
  },
  'PUT /api/programs/{program}': {
    id: 'changeProgram',
    does: 'Changes a program’s options; left-out fields keep their values.',
    access: 'program.write',
    path: { program },
    body: programInputSchema,
    reply: programSchema,
  },
  'POST /api/programs/{program}/stop': {
    id: 'stopProgram',
    does: 'Asks every run of the program to end after the write in flight (F16).',
    access: 'program.stop',
    path: { program },
    reply: stoppedRunsSchema,
  },
  'GET /api/programs/{program}/missed': {
    id: 'missedMonths',
    does: 'What the program’s customers missed while its Sync was off (E6).',
    access: 'program.write',
    path: { program },
    reply: missedSchema,
  },
  'POST /api/programs/{program}/begin': {
    id: 'begin',
    does: 'Says of many customers how they begin, and syncs their agreements.',
    access: 'customers.map',
    onScreen: 'customers',
    path: { program },
    body: beginInputSchema,
    reply: begunSchema,
  },
  'GET /api/programs/{program}/contract-agreements': {
    id: 'contractAgreements',
    does: 'The program’s contract agreements in PRISM; of several, a person picks the one that syncs (F14).',
    access: 'connections.read',
    path: { program },
    reply: contractAgreementsSchema,
  },
  'GET /api/programs/{program}/products': {
    id: 'products',
    does: 'What a product sync would write now, and nothing written (D5).',
    access: 'products.read',
    path: { program },
    query: productsQuerySchema,
    reply: productsSchema,
  },
  'GET /api/programs/{program}/products/csv': {
    id: 'productsCsv',
    does: 'The same for all products that fit, as CSV.',
    access: 'products.read',
    path: { program },
    query: productsQuerySchema,
    reply: 'csv',
  },
  'POST /api/programs/{program}/products/sync': {
    id: 'syncProducts',
    does: 'Starts a product sync, or answers with the one under way; only while the program’s Sync is on (D9).',
    access: 'products.sync',
    path: { program },
    reply: startedRunSchema,
    status: 202,
  },
  'GET /api/programs/{program}/agreements/{agreementId}/answers': {
    id: 'answers',
    does: 'What people answered about the agreement, and the subscriptions that an addition of it may bill.',
    access: 'customers.read',
    onScreen: 'agreement',
    path: { program, agreementId: record },
    reply: answersSchema,
  },
  'GET /api/programs/{program}/agreements/{agreementId}/edits': {
    id: 'edits',
    does: 'What setting back would write of additions that somebody edited after a sync wrote them; nothing is written.',
    access: 'customers.sync',
    onScreen: 'agreement',
    path: { program, agreementId: record },
    reply: costOptional(previewSchema),
  },
  'POST /api/programs/{program}/agreements/{agreementId}/edits': {
    id: 'setBackEdits',
    does: 'Sets back what somebody edited of the subscriptions that the body names, as the sync before had left it.',
    access: 'customers.sync',
    onScreen: 'agreement',
    path: { program, agreementId: record },
    body: editsInputSchema,
    reply: startedRunSchema,
    status: 202,
  },
  'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/answer': {
    id: 'answerAddition',
    does: 'Says what an addition is (F5); the next sync uses it.',
    access: 'customers.sync',
    onScreen: 'agreement',
    path: { program, agreementId: record, additionId: record },
    body: answerInputSchema,
    reply: answeredSchema,
  },
  'DELETE /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/answer': {
    id: 'takeAnswerBack',
    does: 'Takes back what an addition is: the next sync asks again.',
    access: 'customers.sync',
    onScreen: 'agreement',
    path: { program, agreementId: record, additionId: record },
    reply: 'nothing',
  },
  'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/billed/{through}': {
    id: 'answerBilled',
    does: 'Says what ConnectWise’s invoice until a day billed of an addition, where that is not known; the next sync uses it.',
    access: 'customers.sync',
    onScreen: 'agreement',
    path: { program, agreementId: record, additionId: record, through: day },
    body: billedInputSchema,
    reply: billedSchema,
  },
  'DELETE /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/billed/{through}': {
    id: 'takeBilledBack',
    does: 'Takes back what an invoice billed of an addition.',
    access: 'customers.sync',
    onScreen: 'agreement',
    path: { program, agreementId: record, additionId: record, through: day },
    reply: 'nothing',
  },
} as const satisfies Contracts
