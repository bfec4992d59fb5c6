/**
 * Which ConnectWise addresses may frame our pods and talk to them (docs/facts/host-api.md, "Messages" and
 * "Framing").
 */

const CLOUD_ORIGINS = [
  'https://na.myconnectwise.net',
  'https://eu.myconnectwise.net',
  'https://au.myconnectwise.net',
  'https://aus.myconnectwise.net',
  'https://za.myconnectwise.net',
  'https://staging.connectwisedev.com',
] as const

/**
 * The origins of the screens at `site` (host, host:port or address, as the connection was set up). In the cloud people look
 * at the same host without `api-`. Without a site, those of ConnectWise's cloud.
 */
export function screenOrigins(site: string | null): readonly string[] {
  if (site === null) return CLOUD_ORIGINS
  const address = site.includes('://') ? site : `https://${site}`
  if (!URL.canParse(address)) return CLOUD_ORIGINS
  const { protocol, host } = new URL(address)
  return [`${protocol}//${host.replace(/^api-/, '')}`]
}
