/** A pod that speaks the message protocol as the vendor's own 1.0 client does (e2e/vendor-client), and its installation. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type APIRequestContext, expect } from '@playwright/test'
import { addressOf, connectWiseHeaders } from './screens.ts'

export const VENDOR_TITLE = 'Vendor’s client'

const headers = connectWiseHeaders
const api = (path: string): string => `${addressOf('connectWise')}/v2025_1/apis/3.0/${path}`

export interface VendorPod {
  /** Shows it on a screen of ConnectWise: `agreement`, `company`. */
  install(request: APIRequestContext, screen: string, type: 'Pod' | 'Tab'): Promise<void>
  /** Takes it off every screen and stops serving it. */
  close(request: APIRequestContext): Promise<void>
}

/** Serves the page on a site of its own. */
export async function serveVendorPod(): Promise<VendorPod> {
  const page = readFileSync(`${import.meta.dirname}/vendor-client/pod.html`)
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const installed: number[] = []
  return {
    async install(request, screen, type) {
      const listed = await request.get(api('system/connectWiseHostedScreens'), { headers })
      const screens = (await listed.json()) as { id: number; screenId: string }[]
      const screenId = screens.find((each) => each.screenId.toLowerCase() === screen)?.id
      const data = {
        screenId,
        type,
        description: VENDOR_TITLE,
        origin,
        url: `${origin}/?id=[cw_id]`,
        podHeight: 320,
      }
      const response = await request.post(api('system/connectwisehostedsetups'), { headers, data })
      expect(response.status()).toBe(201)
      installed.push(((await response.json()) as { id: number }).id)
    },
    async close(request) {
      for (const id of installed)
        await request.delete(api(`system/connectwisehostedsetups/${id}`), { headers })
      server.close()
    },
  }
}
