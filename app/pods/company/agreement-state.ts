import type { CompanyAgreement, CompanyContent } from '#app/api/schemas/company.ts'
import { firstSyncText } from '#app/ui/plan/first-sync.ts'
import { stateWord, writtenNotInvoiced } from '#app/ui/plan/plan-names.ts'
import { monthName } from '#lib/billing/format.ts'
import { invoiceName } from '#lib/billing/invoice-month.ts'

/** How an agreement is, in a word and a sentence. `good` says that its customers' bill is right, and nothing less does. */
export interface AgreementState {
  readonly tone: 'good' | 'warn' | 'bad' | 'quiet'
  readonly word: string
  readonly says: string
}

const errorOf = ({ findings }: CompanyAgreement): string | undefined =>
  findings?.find(({ severity }) => severity === 'error')?.message

const isGone = ({ findings }: CompanyAgreement): boolean =>
  findings?.some(({ code }) => code === 'gone') === true

/** Whether a customer can be mapped to it; unknown where ConnectWise was not read. */
export const mayBeMapped = (agreement: CompanyAgreement): boolean =>
  agreement.findings !== null && errorOf(agreement) === undefined

/** The programs for which Sync is on, by their slugs. */
export const programsOn = (programs: CompanyContent['programs']): ReadonlySet<string> =>
  new Set(programs.filter(({ enabled }) => enabled).map(({ slug }) => slug))

/** @param isProgramOn whether Sync is on for its whole program */
export function stateOf(agreement: CompanyAgreement, isProgramOn: boolean): AgreementState {
  const { running, tenants } = agreement
  if (running !== null) {
    const word = running.stopping ? 'Stopping' : running.state === 'queued' ? 'Waiting' : 'Syncing'
    return { tone: 'quiet', word, says: running.doing ?? 'Reading PRISM and ConnectWise…' }
  }
  if (tenants.length === 0) return freeState(agreement)
  const unfit = errorOf(agreement)
  if (unfit !== undefined)
    return { tone: 'bad', word: isGone(agreement) ? 'Deleted' : 'Not eligible', says: unfit }
  if (!isProgramOn) return { tone: 'warn', word: 'Sync off', says: 'Sync is off for the whole program.' }
  const off = tenants.filter(({ syncs }) => !syncs).map(({ name }) => name)
  if (off.length === tenants.length)
    return { tone: 'warn', word: 'Sync off', says: 'Its additions are not touched.' }
  const synced = syncedState(agreement)
  if (off.length === 0 || synced.tone === 'bad') return synced
  return { tone: 'warn', word: 'Sync off', says: `Sync is off for ${off.join(', ')}.` }
}

/** Of an agreement without customers nothing is wrong: it can be mapped, or the reason why not is said (E4). */
function freeState(agreement: CompanyAgreement): AgreementState {
  const { findings } = agreement
  if (findings === null) return { tone: 'quiet', word: 'Not read', says: 'ConnectWise has not given it yet.' }
  const unfit = errorOf(agreement)
  if (unfit !== undefined) return { tone: 'quiet', word: 'Not eligible', says: unfit }
  return { tone: 'quiet', word: 'No customer', says: findings[0]?.message ?? '' }
}

function syncedState(agreement: CompanyAgreement): AgreementState {
  const { isOneTime, result, proof, second, behind, tenants, causes } = agreement
  if (isOneTime && result === null)
    return {
      tone: 'quiet',
      word: 'No invoice yet',
      says: 'Its additions come with the first annual invoice.',
    }
  if (result === null)
    return behind === null
      ? { tone: 'quiet', word: 'No invoice yet', says: firstSyncText(null) }
      : { tone: 'warn', word: 'Not synced yet', says: firstSyncText(behind.period) }
  // Its reasons stand above.
  const sentence = proof?.verdict.sentence.replace(/:$/, '.') ?? ''
  if (result.status === 'Error')
    return { tone: 'bad', word: 'Error', says: result.message ?? (sentence || (causes[0]?.message ?? '')) }
  if ((proof?.waiting ?? 0) > 0) return { tone: 'warn', word: 'Waits for you', says: sentence }
  if (proof?.verdict.tone === 'bad') return { tone: 'bad', word: 'Differs', says: sentence }
  if (behind !== null)
    return { tone: 'warn', word: 'New invoice', says: `The ${invoiceName(behind.period)} is not synced yet.` }
  if (result.status === 'Warning')
    return { tone: 'warn', word: 'Warning', says: result.message ?? result.note ?? sentence }
  if (proof === null)
    return { tone: 'quiet', word: result.status, says: result.message ?? 'No month to sync yet.' }
  if (proof.verdict.tone === 'warn') return { tone: 'warn', word: 'Differs', says: sentence }
  const isOlder = tenants.some(
    ({ syncs, firstSync }) => syncs && firstSync !== null && firstSync.period > proof.period,
  )
  if (isOlder) return { tone: 'quiet', word: result.status, says: `${monthName(proof.period)}: ${sentence}` }
  if (isOneTime && second?.tone !== 'good')
    return second?.tone === 'bad'
      ? { tone: 'bad', word: 'Invoiced otherwise', says: second.why }
      : { tone: 'quiet', word: stateWord(second?.says), says: second?.why ?? writtenNotInvoiced }
  return { tone: 'good', word: result.status, says: sentence }
}
