'use client'
import { useEffect, useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { ShownLeaving } from '#app/api/schemas/leaving.ts'
import { Refused } from '#app/hooks/api.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { mayBePicked, type OfferedAgreement } from '#app/ui/plan/agreement-options.tsx'
import { answerTo, type BeginAnswer } from '#app/ui/plan/first-sync.ts'
import { answered, type LeavingAnswer } from '#app/ui/plan/leaving-choice.tsx'

/** Where a person who may map can do it. */
export interface MappingPlace {
  readonly company: { readonly id: number; readonly name: string }
  readonly program: { readonly slug: string; readonly name: string }
  /** The agreement of the pod alone, or all of the company. */
  readonly agreements: readonly OfferedAgreement[]
  readonly may: { readonly sync: boolean }
}

/** What a save was answered with: the customer leaves another agreement, on which something stays open (E5). */
interface Asked {
  readonly leaving: ShownLeaving
  readonly thenSync: boolean
  readonly answer: LeavingAnswer
}

interface UseMappingOptions {
  readonly place: MappingPlace
  readonly pod: Pod
  /** Chosen beforehand; `null`: nobody. */
  readonly customer: Customer | null
  readonly agreementId: number | null
  /** There is no other agreement to choose. */
  readonly isFixed: boolean
  readonly onMapped: () => void
}

/** A mapping as it is filled in, judged and saved; unsaved it makes the screen dirty (E2-E6). */
export function useMapping(options: UseMappingOptions) {
  const { place, pod, customer, agreementId: first, isFixed, onMapped } = options
  const { company, program } = place
  const { call } = pod.api
  const before = customer?.mapping ?? null
  const isHere = before?.companyId === company.id
  const [chosen, setChosen] = useState(customer)
  const [agreementId, setAgreementId] = useState(first)
  const [syncs, setSyncs] = useState(isHere && before.syncEnabled)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [answer, setAnswer] = useState<BeginAnswer>({})
  const { busy, problem, run } = useAttempt()

  const path = chosen === null ? null : { program: program.slug, tenantId: chosen.tenantId }
  const asking = { call, revalidateOnFocus: false, shouldRetryOnError: false }
  // By the customer's own first month: what is known without it says less. Of one agreement it comes with the beginning.
  const { data: judged } = useApi(
    'GET /api/connectwise/companies/{id}/agreements',
    path === null || isFixed ? null : { path: { id: company.id }, query: path },
    asking,
  )
  const { data: beginning, isLoading: isReading } = useApi(
    'GET /api/programs/{program}/customers/{tenantId}/beginning',
    path === null || agreementId === null ? null : { path, query: { agreementId } },
    asking,
  )
  const agreements = place.agreements.map(
    (each) =>
      judged?.agreements.find(({ id }) => id === each.id) ??
      (isFixed && beginning !== undefined ? { ...each, findings: beginning.findings } : each),
  )
  const agreement = agreements.find(({ id }) => id === agreementId) ?? null

  // What the customer adds is told beside the choice, where it is looked at.
  const given = place.agreements.find(({ id }) => id === agreementId)?.findings ?? []
  const isKnown = ({ message }: OfferedAgreement['findings'][number]): boolean =>
    given.some((each) => each.message === message)

  const isChanged = isHere
    ? agreementId !== before.agreementId || syncs !== before.syncEnabled
    : chosen !== null
  const { host } = pod
  useEffect(() => {
    host?.setDirty(isChanged)
    return () => host?.setDirty(false)
  }, [host, isChanged])

  const save = async (thenSync: boolean, leaving: LeavingAnswer | null = null) => {
    if (path === null || agreementId === null) return
    const body = {
      companyId: company.id,
      agreementId,
      syncEnabled: syncs,
      ...answered(leaving),
      ...(syncs ? answerTo(beginning, answer) : {}),
    }
    const isSaved = await run(async () => {
      try {
        await call('PUT /api/programs/{program}/customers/{tenantId}/mapping', { path, body })
      } catch (error) {
        if (error instanceof Refused && error.problem.leaving) {
          const { leaving: open } = error.problem
          setAsked({ leaving: open, thenSync, answer: { from: open.takesOver.from } })
        }
        throw error
      }
      host?.setDirty(false)
      if (thenSync) await call('POST /api/programs/{program}/customers/{tenantId}/sync', { path })
    })
    if (isSaved) onMapped()
  }

  return {
    chosen,
    agreements,
    agreement,
    /** What speaks against the agreement, or is worth knowing: before a customer is chosen, and by the one that is. */
    known: agreement?.findings.filter(isKnown) ?? [],
    ofCustomer: agreement?.findings.filter((finding) => !isKnown(finding)) ?? [],
    syncs,
    setSyncs,
    beginning,
    answer,
    setAnswer,
    asked,
    busy,
    whyNot: whyNotYet({ chosen, agreement, isReading: (syncs || isFixed) && isReading }),
    // What stays open is asked beside it, not refused.
    problem: problem?.leaving === undefined ? problem : null,
    choose(next: Customer) {
      setChosen(next)
      setAsked(null)
      setAnswer({})
    },
    chooseAgreement(id: number) {
      setAgreementId(id)
      setAsked(null)
      setAnswer({})
    },
    answerLeaving: (next: LeavingAnswer) => setAsked(asked === null ? null : { ...asked, answer: next }),
    save: () => save(asked?.thenSync ?? false, asked?.answer ?? null),
    saveAndSync: () => save(true),
  }
}

/** What is still to be chosen or known before it can be saved; `null`: nothing. */
function whyNotYet({
  chosen,
  agreement,
  isReading,
}: {
  readonly chosen: Customer | null
  readonly agreement: OfferedAgreement | null
  readonly isReading: boolean
}): string | null {
  if (agreement !== null && !mayBePicked(agreement)) return 'This agreement cannot be picked: see above why.'
  if (chosen === null) return 'Choose a customer.'
  if (agreement === null) return 'Choose an agreement.'
  return isReading ? 'Reading what its first sync would take…' : null
}
