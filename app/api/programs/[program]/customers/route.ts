import { z } from 'zod'
import { server } from '#app/server/process.ts'
import { authorise, programOf, queryOf, reply, route } from '#app/server/route.ts'
import { customerSorts, customersPage, firstSyncs, lastResults } from '#db/queries/customers.ts'
import { customersSchema } from '../../../schemas/customers.ts'

const PAGE_SIZE = 50

const querySchema = z.object({
  search: z.string().trim().max(200).default(''),
  /** A column, with `-` in front for descending. */
  sort: z
    .string()
    .regex(
      new RegExp(`^-?(${customerSorts.join('|')})$`),
      `must be one of ${customerSorts.join(', ')}, with - in front for descending`,
    )
    .default('name'),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
})

export const GET = route<{ program: string }>(async (request, params) => {
  const program = programOf(params.program)
  const { organisationId } = await authorise(request, 'customers.read')
  const { search, sort, page } = queryOf(request, querySchema)
  const { db } = server()
  const { rows, total } = await customersPage(db, organisationId, program.slug, {
    search,
    sort: customerSorts.find((column) => sort.endsWith(column)) ?? 'name',
    descending: sort.startsWith('-'),
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  })
  const [first, results] = await Promise.all([
    firstSyncs(
      db,
      organisationId,
      program.slug,
      rows.map(({ tenant }) => tenant.id),
    ),
    lastResults(
      db,
      organisationId,
      program.slug,
      rows.flatMap(({ mapping }) => mapping?.agreementId ?? []),
    ),
  ])
  const customers = rows.map(({ tenant, mapping }) => {
    const result = mapping === null ? undefined : results.get(mapping.agreementId)
    return {
      tenantId: tenant.id,
      name: tenant.name,
      domain: tenant.domain,
      state:
        mapping === null
          ? ('unmapped' as const)
          : mapping.syncEnabled
            ? ('syncing' as const)
            : ('mapped' as const),
      mapping,
      firstSync: first.get(tenant.id) ?? null,
      lastResult: result === undefined ? null : { ...result, finishedAt: result.finishedAt.toISOString() },
    }
  })
  return reply(customersSchema, customersSchema.parse({ customers, page, pageSize: PAGE_SIZE, total }))
})
