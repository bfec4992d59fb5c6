'use client'
import { useApi } from './use-api.ts'

/** Milliseconds between two questions while a scan is under way. */
const WHILE_RUNNING = 2_000

/** How far the full scan of ConnectWise is; asked again while it is under way. */
export const useScan = () =>
  useApi(
    'GET /api/connectwise/scan',
    {},
    { refreshInterval: (latest) => (latest?.state === 'running' ? WHILE_RUNNING : 0) },
  )
