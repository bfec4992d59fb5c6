import {
  notificationsSchema,
  subscribeInputSchema,
  unsubscribeQuerySchema,
  webhookAnswerSchema,
  webhookInputSchema,
  webhookSetSchema,
} from '#app/api/schemas/notifications.ts'
import type { Contracts } from './contract.ts'
import { program } from './in-path.ts'

export const notifications = {
  'GET /api/programs/{program}/notifications': {
    id: 'notifications',
    does: 'Who is told of a program, and what came of their last digests.',
    access: 'program.read',
    path: { program },
    reply: notificationsSchema,
  },
  'POST /api/programs/{program}/notifications/subscriptions': {
    id: 'subscribeAgain',
    does: 'Has an address of the program that unsubscribed told again.',
    access: 'program.write',
    path: { program },
    body: subscribeInputSchema,
    reply: 'nothing',
  },
  'PUT /api/programs/{program}/webhook': {
    id: 'setWebhook',
    does: 'Sets where the program’s digests are posted, with a new secret, which is shown this once.',
    access: 'program.write',
    path: { program },
    body: webhookInputSchema,
    reply: webhookSetSchema,
  },
  'DELETE /api/programs/{program}/webhook': {
    id: 'removeWebhook',
    does: 'Takes the program’s webhook away; what is on its way there is dropped.',
    access: 'program.write',
    path: { program },
    reply: 'nothing',
  },
  'POST /api/programs/{program}/webhook/test': {
    id: 'testWebhook',
    does: 'Posts a test to the program’s webhook and says what came back.',
    access: 'program.write',
    path: { program },
    reply: webhookAnswerSchema,
  },
  'GET /api/unsubscribe': {
    id: 'unsubscribePage',
    does: 'Sends who follows a mail’s List-Unsubscribe address on to the page with the button; it changes nothing.',
    access: 'open',
    query: unsubscribeQuerySchema,
    reply: 'redirect',
  },
  'POST /api/unsubscribe': {
    id: 'unsubscribe',
    does: 'Tells the address of a signed link no more of its program; mail programs post it by one click (RFC 8058).',
    access: 'open',
    query: unsubscribeQuerySchema,
    reply: 'nothing',
  },
} as const satisfies Contracts
