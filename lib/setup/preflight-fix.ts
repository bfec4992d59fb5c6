/** Mending what the checks found, where we can (A4). */
import type { Preflight } from '#db/connections/preflights.ts'
import { releaseLease, takeLease } from '#db/ledger/leases.ts'
import { audit } from '#db/people/audit.ts'
import type { PreflightCheckId } from '#db/values.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { NewSetupRecord, SetupKind, SetupRecord } from '#lib/connectwise/values.ts'
import { type PreflightContext, recordKinds, runPreflight } from './preflight.ts'
export interface Fixed {
  /** What was done, a sentence each; empty where nothing had to be. */
  readonly did: readonly string[]
  readonly preflight: Preflight
}

const FIX_LEASE_MS = 60_000

/**
 * Mends one check (A4) and looks again. Throws `not-found` for a check that only a person can mend, `already-running` where
 * somebody is at it, and what ConnectWise refuses.
 */
export async function fixCheck({
  ctx,
  input,
}: {
  ctx: PreflightContext & { readonly actor: string }
  input: { readonly check: PreflightCheckId }
}): Promise<Fixed> {
  const { db, organisationId, program, actor } = ctx
  const lease = { resource: `${program}/preflight`, token: crypto.randomUUID() }
  // Two who press Fix at once would make two categories of one name.
  if (!(await takeLease(db, organisationId, { ...lease, holder: actor, durationMs: FIX_LEASE_MS })))
    throw new ProductError('already-running', 'Somebody is mending this at the moment.')
  try {
    const did = await mend(ctx, input.check)
    if (did.length > 0)
      await audit(db, organisationId, {
        actor,
        action: 'fix-preflight',
        subject: input.check,
        detail: { did },
      })
    return { did, preflight: await runPreflight({ ctx }) }
  } finally {
    await releaseLease(db, organisationId, lease)
  }
}

async function mend(ctx: PreflightContext, check: PreflightCheckId): Promise<string[]> {
  if (check === 'misc-items') return activateMisc(ctx)
  const found = recordKinds.find(({ id }) => id === check)
  if (found === undefined)
    throw new ProductError('not-found', 'Only a person can mend this, in ConnectWise; the page says where.')
  // A sub-category needs its category first.
  const kinds: readonly SetupKind[] =
    found.kind === 'subcategory' ? ['category', 'subcategory'] : [found.kind]
  return mendRecords(ctx, kinds)
}

async function activateMisc({ connectWise }: PreflightContext): Promise<string[]> {
  const did: string[] = []
  const { items } = await connectWise.inactiveMiscItems()
  for (const { id, identifier } of items) {
    await connectWise.activateCatalogItem(id)
    did.push(`Activated the product ${identifier}.`)
  }
  return did
}

async function mendRecords(ctx: PreflightContext, kinds: readonly SetupKind[]): Promise<string[]> {
  const { connectWise, names } = ctx
  const records = await connectWise.setupRecords(names)
  const did: string[] = []
  let { category } = records
  for (const kind of kinds) {
    const record = records[kind]
    if (record !== null && !record.inactive) continue
    const aside = records.unreadable[kind]
    if (aside !== undefined)
      throw new ProductError(
        'connectwise-unreadable',
        `What may be the ${kindWords(kind)} “${names[kind]}” cannot be read (${aside.record}): ${aside.reason}. Correct it in ConnectWise; a second one was not made.`,
      )
    const what = `the ${kindWords(kind)} “${names[kind]}”`
    const mended =
      record === null
        ? await connectWise.createSetupRecord(newRecord(kind, names[kind], category))
        : await connectWise.activateSetupRecord(kind, record.id)
    did.push(`${record === null ? 'Created' : 'Activated'} ${what}.`)
    if (kind === 'category') category = mended
  }
  return did
}

const kindWords = (kind: SetupKind): string => recordKinds.find((each) => each.kind === kind)?.what ?? kind

function newRecord(kind: SetupKind, name: string, category: SetupRecord | null): NewSetupRecord {
  if (kind !== 'subcategory') return { kind, name }
  if (category === null) throw new Error('A sub-category is made after its category')
  return { kind, name, categoryId: category.id }
}
