/** How a finding is made. */
import type { Finding, FindingCode } from './types.ts'

export const finding = (
  code: FindingCode,
  severity: Finding['severity'],
  message: string,
  detail: string,
  remedy: string,
  additionIds: readonly number[] = [],
): Finding => ({ code, severity, message, detail, remedy, additionIds: [...additionIds] })
