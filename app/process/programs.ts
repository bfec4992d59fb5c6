import type { ShownProgram } from '#app/api/schemas/programs.ts'
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Reply, Table } from '#app/contracts/table.ts'
import { storedProgram } from '#app/views/program.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { programOptions } from '#lib/intake/context.ts'
import { changeProgram } from '#lib/jobs/change-program.ts'
import type { Program } from '#lib/programs/registry.ts'
import { missedByProgram } from '#lib/sync/missed.ts'
import { refuseUnknownAgreement } from './contract-agreements.ts'
import { server } from './process.ts'

/** Changes a program's options and gives them as they are then. Throws `contract-agreement-unclear`. */
export async function putProgram(
  { organisationId, actor }: Principal,
  program: Program,
  change: BodyOf<Table['PUT /api/programs/{program}']>,
): Promise<ShownProgram> {
  const ctx = {
    db: server().db,
    organisationId,
    program,
    actor,
    now: () => new Date(),
    refuseUnknownAgreement: (id: string) => refuseUnknownAgreement(organisationId, program, id),
  }
  await changeProgram({ ctx, input: change })
  return storedProgram(organisationId, program)
}

/** What the program's customers missed while its Sync was off (E6). */
export async function missedMonths(
  organisationId: string,
  program: Program,
): Promise<Reply<'GET /api/programs/{program}/missed'>> {
  const { db } = server()
  const options = await programOptions(db, organisationId, program)
  return { months: [...(await missedByProgram({ db, organisationId, program, options }))] }
}
