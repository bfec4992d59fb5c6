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

/** A domain that its owner chose, of an address, a host or a website; `null`: none, everybody's, or Microsoft's own. */
export function ownDomain(text: string): DomainKey | null {
  if (text === '') return null
  const domain = domainKey(text)
  return domain === null || EVERYBODYS.has(domain) || domain.endsWith(MICROSOFTS) ? null : domain
}

/** Ends that somebody adds to a name that is taken. */
const ENDS = /(?:\d+|pl|pty|ptyltd|ltd|group|au|aus|nz|sg|my|uk|hk|online|hq|365|mail|org|inc|co|llc)$/

/**
 * The part of a domain that says a name, without dashes, as it is and without what is often added: `acme.com.au` and
 * `acmepl.onmicrosoft.com` both say `acme`.
 */
export function labelsOf(text: string): readonly string[] {
  const [first = ''] = (domainKey(text) ?? '').split('.')
  const label = first.replaceAll('-', '')
  if (label === '' || /^netorg\d/.test(label)) return []
  const shorter = label.replace(ENDS, '')
  return shorter.length < 4 || shorter === label ? [label] : [label, shorter]
}
