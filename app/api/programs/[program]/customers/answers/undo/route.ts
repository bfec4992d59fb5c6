import { serve } from '#app/http/serve.ts'
import { takeAnswersBack } from '#app/process/cutover.ts'

export const maxDuration = 60

export const POST = serve(
  'POST /api/programs/{program}/customers/answers/undo',
  ({ principal, path, body }) => takeAnswersBack(principal, path.program, body),
)
