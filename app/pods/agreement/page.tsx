import type { PodContent } from '#app/api/schemas/pod.ts'
import { agreementContent } from '#app/server/agreement-content.ts'
import { pagePrincipal } from '#app/server/page-principal.ts'
import { server } from '#app/server/process.ts'
import { ProductError } from '#lib/base/errors.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'
import { AgreementPod } from './agreement-pod.tsx'

interface PodAddress {
  readonly org?: string
  readonly id?: string
}

/** ConnectWise puts the record's id where `[cw_id]` stands; where it leaves the token, the screen's `onLoad` tells. */
const idOf = (text: string | undefined): number | null =>
  /^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : null

export default async function AgreementPodPage({ searchParams }: { searchParams: Promise<PodAddress> }) {
  const { org = '', id } = await searchParams
  const agreementId = idOf(id)
  const [origins, initial] = await Promise.all([podOrigins(server().db, org), firstPaint(org, agreementId)])
  return <AgreementPod organisation={org} origins={origins} agreementId={agreementId} initial={initial} />
}

/** The content, where a session is there already: then nothing waits for scripts. */
async function firstPaint(org: string, agreementId: number | null): Promise<PodContent | null> {
  const principal = agreementId === null ? null : await pagePrincipal(org)
  if (agreementId === null || principal === null) return null
  try {
    return await agreementContent(principal, agreementId)
  } catch (error) {
    // Said by the pod itself, which asks again and has the way to retry.
    if (error instanceof ProductError) return null
    throw error
  }
}
