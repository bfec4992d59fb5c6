import { fileQuery } from '#app/api/schemas/file-query.ts'
import {
  ruleInputSchema,
  rulePreviewInputSchema,
  rulePreviewSchema,
  rulesQuerySchema,
  rulesSchema,
  savedRuleSchema,
} from '#app/api/schemas/price-rules.ts'
import type { Contracts } from './contract.ts'
import { program, uuid } from './in-path.ts'

export const priceRules = {
  'GET /api/programs/{program}/price-rules': {
    id: 'priceRules',
    does: 'The price rules: of the program, of products and of customers (J11).',
    access: 'prices.read',
    path: { program },
    query: rulesQuerySchema,
    reply: rulesSchema,
  },
  'PUT /api/programs/{program}/price-rules': {
    id: 'setPriceRule',
    does: 'Makes a price rule, or changes the one for the same customer, product and month (J11).',
    access: 'prices.write',
    path: { program },
    body: ruleInputSchema,
    reply: savedRuleSchema,
  },
  'DELETE /api/programs/{program}/price-rules/{id}': {
    id: 'removePriceRule',
    does: 'Removes a price rule: what is written stays, and new quantities follow what is left (J11).',
    access: 'prices.write',
    path: { program, id: uuid },
    reply: 'nothing',
  },
  'POST /api/programs/{program}/price-rules/preview': {
    id: 'previewPriceRule',
    does: 'What a price rule, or its removal, would change, by what was read last (J11).',
    access: 'prices.read',
    path: { program },
    body: rulePreviewInputSchema,
    reply: rulePreviewSchema,
  },
  'GET /api/programs/{program}/price-rules/csv': {
    id: 'priceRulesCsv',
    does: 'The price rules as a CSV file (J11).',
    access: 'prices.read',
    path: { program },
    query: fileQuery(rulesQuerySchema),
    reply: 'csv',
  },
} as const satisfies Contracts
