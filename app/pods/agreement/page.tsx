import { podAddressSchema } from '#app/api/schemas/page-addresses.ts'
import type { PodContent } from '#app/api/schemas/pod.ts'
import { pagePrincipal } from '#app/http/page-principal.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { shownTo } from '#app/http/shown-to.ts'
import { server } from '#app/process/process.ts'
import { agreementContent } from '#app/views/agreement-content.ts'
import { ProductError } from '#lib/base/errors.ts'
import { podOrigins } from '#lib/members/pod-origins.ts'
import { AgreementPod } from './agreement-pod.tsx'

export default async function AgreementPodPage({ searchParams }: { searchParams: SearchParams }) {
  const { org, id: agreementId } = (await searchOf(podAddressSchema, searchParams)).query
  const [origins, initial] = await Promise.all([podOrigins(server().db, org), firstPaint(org, agreementId)])
  return <AgreementPod organisation={org} origins={origins} agreementId={agreementId} initial={initial} />
}

/** The content, where a session is there already: then nothing waits for scripts. */
async function firstPaint(org: string, agreementId: number | null): Promise<PodContent | null> {
  const principal = agreementId === null ? null : await pagePrincipal(org)
  if (agreementId === null || principal === null) return null
  try {
    return shownTo(principal, await agreementContent(principal, agreementId))
  } catch (error) {
    // Said by the pod itself, which asks again and has the way to retry.
    if (error instanceof ProductError) return null
    throw error
  }
}
