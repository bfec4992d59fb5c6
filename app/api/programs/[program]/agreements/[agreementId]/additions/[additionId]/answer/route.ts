import { serve } from '#app/http/serve.ts'
import { sayOfAddition } from '#app/process/answering.ts'
import { server } from '#app/process/process.ts'
import { takeAnswerBack } from '#lib/inbox/answers.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/answer',
  ({ principal, path, body }) => sayOfAddition(principal, path, body),
)

export const DELETE = serve(
  'DELETE /api/programs/{program}/agreements/{agreementId}/additions/{additionId}/answer',
  ({ principal, path: { program, ...input } }) => {
    const ctx = { ...principal, db: server().db, program: program.slug }
    return takeAnswerBack({ ctx, input })
  },
)
