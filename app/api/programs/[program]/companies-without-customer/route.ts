import { serve } from '#app/http/serve.ts'
import { unclaimedCompanies } from '#app/views/unclaimed-companies.ts'

export const maxDuration = 60

export const GET = serve(
  'GET /api/programs/{program}/companies-without-customer',
  ({ principal, path, query }) => unclaimedCompanies(principal.organisationId, path.program.slug, query),
)
