import { serve } from '#app/http/serve.ts'
import { shownPeople } from '#app/views/people.ts'

export const GET = serve('GET /api/people', ({ principal }) => shownPeople(principal.organisationId))
