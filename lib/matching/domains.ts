/** What a domain tells of whose it is, and which tell nothing. */
import { type DomainKey, domainKey } from './names.ts'

/** Mail of everybody: equal ones are no evidence. */
const EVERYBODYS = new Set(
  [
    'gmail.com googlemail.com outlook.com outlook.com.au hotmail.com hotmail.co.uk hotmail.com.au live.com live.com.au live.co.uk msn.com',
    'yahoo.com yahoo.com.au yahoo.co.uk yahoo.co.nz yahoo.co.in yahoo.com.sg yahoo.com.ph ymail.com rocketmail.com aol.com icloud.com',
    'me.com mac.com proton.me protonmail.com pm.me gmx.com gmx.net mail.com zoho.com fastmail.com fastmail.fm hey.com qq.com 163.com',
    'bigpond.com bigpond.com.au bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au internode.on.net westnet.com.au dodo.com.au',
    'xtra.co.nz slingshot.co.nz spark.co.nz singnet.com.sg streamyx.com pldt.com naver.com daum.net hanmail.net netvigator.com',
    'rediffmail.com btinternet.com sky.com virginmedia.com talktalk.net ntlworld.com',
    // What stands in a website's field and is none.
    'facebook.com linkedin.com instagram.com google.com wixsite.com',
  ].flatMap((line) => line.split(' ')),
)

const MICROSOFTS = '.onmicrosoft.com'

/** Not everybody's, nor Microsoft's own: one that its owner chose. */
export const isOwn = (domain: DomainKey): boolean => !EVERYBODYS.has(domain) && !domain.endsWith(MICROSOFTS)

/** Of an address, a host or a website; `null`: none that somebody chose. */
export function ownDomain(text: string): DomainKey | null {
  const domain = text === '' ? null : domainKey(text)
  return domain !== null && isOwn(domain) ? domain : null
}

/** Ends that somebody adds to a name that is taken. */
const ENDS =
  'ptyltd pty pl ltd group aus au nz sg my uk hk online hq 365 mail org inc co llc 0 1 2 3 4 5 6 7 8 9'.split(
    ' ',
  )
const DASH = /-/g
const SHORTEST = 4

/**
 * The part of a domain that says a name, without dashes, as it is and without what is often added: `acme.com.au` and
 * `acmepl.onmicrosoft.com` both say `acme`.
 */
export function labelsOf(domain: DomainKey): readonly string[] {
  const label = domain.slice(0, domain.indexOf('.')).replace(DASH, '')
  if (label === '' || (label.startsWith('netorg') && /\d/.test(label))) return []
  const end = ENDS.find((each) => label.endsWith(each))
  if (end === undefined || label.length - end.length < SHORTEST) return [label]
  return [label, label.slice(0, -end.length)]
}
