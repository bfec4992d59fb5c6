import { serve } from '#app/http/serve.ts'
import { server } from '#app/process/process.ts'
import { answerLine } from '#lib/inbox/line-answers.ts'

export const PUT = serve(
  'PUT /api/programs/{program}/agreements/{agreementId}/line-answers',
  ({ principal, path: { program, agreementId }, body }) => {
    const ctx = { ...principal, db: server().db, program: program.slug }
    return answerLine({ ctx, input: { agreementId, ...body } })
  },
)
