'use client'
import useSWR, { type SWRConfiguration, type SWRResponse } from 'swr'
import type { Reply, Table } from '#app/contracts/table.ts'
import { callApi, type Refused } from './api.ts'
import { askedOf, type CallApi, type Sending, type SentTo } from './endpoint.ts'

interface UseApiOptions<E extends keyof Table> extends SWRConfiguration<Reply<E>, Refused> {
  /** A pod's way to our API; left out: that of the standalone site. */
  readonly call?: CallApi
}

/**
 * What an endpoint answers, kept as SWR keeps it.
 * @param sent `null`: not asked
 */
export function useApi<E extends keyof Table & `GET ${string}`>(
  endpoint: E,
  sent: SentTo<E> | null,
  { call = callApi, ...options }: UseApiOptions<E> = {},
): SWRResponse<Reply<E>, Refused> {
  const sending = [sent] as unknown as Sending<E>
  return useSWR<Reply<E>, Refused>(
    sent === null ? null : askedOf(endpoint, ...sending).address,
    () => call(endpoint, ...sending),
    options,
  )
}
