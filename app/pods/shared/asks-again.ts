import type { SWRConfiguration } from 'swr'

const AFTER_FAILURE_MS = 15_000

/** SWR asks at no interval any more once an answer failed: an open pod goes on asking, or it would stay as it was all day. */
export const asksAgain = {
  onErrorRetry: (_error, _key, _config, revalidate, options) => {
    setTimeout(() => void revalidate(options), AFTER_FAILURE_MS)
  },
} satisfies SWRConfiguration
