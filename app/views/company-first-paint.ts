import type { CompanyContent } from '#app/api/schemas/company.ts'
import { pagePrincipal } from '#app/http/page-principal.ts'
import { shownTo } from '#app/http/shown-to.ts'
import { ProductError } from '#lib/base/errors.ts'
import { companyContent } from './company-content.ts'

/** A slow ConnectWise holds the page no longer than this; what is stored is shown then, and the pod itself asks once more. */
const PATIENCE_MS = 1_200

/** A company's content for the first response, where a session is there already; `null`: the pod asks by itself. */
export async function companyFirstPaint(
  org: string,
  companyId: number | null,
): Promise<CompanyContent | null> {
  const principal = companyId === null ? null : await pagePrincipal(org)
  if (companyId === null || principal === null) return null
  const read = companyContent(principal, companyId, 'recent').catch((error: unknown) => {
    // Said by the pod itself, which asks again and has the way to retry.
    if (error instanceof ProductError) return null
    throw error
  })
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(resolve, PATIENCE_MS, 'late')
  try {
    const first = await Promise.race([read, late])
    const content = first === 'late' ? await companyContent(principal, companyId, 'stored') : first
    return content === null ? null : shownTo(principal, content)
  } finally {
    clearTimeout(timer)
  }
}
