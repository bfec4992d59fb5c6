import { serve } from '#app/http/serve.ts'
import { answerQuestions } from '#app/process/cutover.ts'

export const maxDuration = 60

export const POST = serve('POST /api/programs/{program}/customers/answers', ({ principal, path, body }) =>
  answerQuestions(principal, path.program, body),
)
