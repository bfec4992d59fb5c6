/**
 * Under which key two names of one company meet, and two ways to write one domain. PRISM, ConnectWise and whoever typed the name
 * write capitals, accents, punctuation and the legal form each in their own way.
 */

/** A name without what may differ: words in lower case, a space between. */
export type NameKey = string & { readonly __brand: 'NameKey' }
/** A host's name as DNS has it, without `www.`. */
export type DomainKey = string & { readonly __brand: 'DomainKey' }

/** Legal forms of one word, as they end a name. Left out are those that are a word of their own too (`SpA`, `PC`, `NL`). */
const FORMS = new Set(
  [
    // Australia, New Zealand, Asia, Britain, Ireland
    'pty proprietary pl ltd limited pte pvt plc llp lp cic sdn bhd berhad plt opc pcl jsc tbk kk gk',
    // North America
    'inc incorporated llc pllc corp corporation co company ltee',
    // German, Dutch, French, Spanish, Portuguese
    'gmbh mbh ag kg kgaa ohg gbr ug ek ev eg se bv nv vof bvba sprl srl sa sarl sas sasu eurl sl slu sau lda ltda',
    // The north and east of Europe
    'ab as asa aps oy oyj ehf uab sro spzoo kft zrt',
  ].flatMap((line) => line.split(' ')),
)
/** Those of several words, of which one alone may be a word of a name. */
const PHRASES = new Set([
  'private limited',
  'private ltd',
  'p ltd',
  'p limited',
  'public company limited',
  'ug haftungsbeschrankt',
  'sa de cv',
  's de rl de cv',
  'sp zoo',
  'sp z oo',
  'sp z o o',
])
const LONGEST_FORM = 5
/** What begins a name and tells no more than a legal form. */
const BEFORE = new Set(['the', 'pt', 'ctcp', 'tnhh', 'mtv'])
/** Those of several words, as in Vietnam. */
const PHRASES_BEFORE = ['cong ty tnhh', 'cong ty co phan', 'cong ty'].map((phrase) => phrase.split(' '))

/** Letters that Unicode does not take apart into a plain one and its accent. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
}

const ASCII = /^[ -~]*$/

/** In lower case, without accents; marks that are letters of their own, as in Thai and Japanese, stay. */
const plain = (text: string): string => (ASCII.test(text) ? text.toLowerCase() : unaccented(text))

const unaccented = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøđðłþħı]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC')

/** Legal forms that are written without a space. */
const JOINED = new RegExp(
  [
    '株式会社',
    '有限会社',
    '合同会社',
    '股份有限公司',
    '有限公司',
    '주식회사',
    '유한회사',
    'บริษัท',
    'จำกัด',
    'มหาชน',
    '(株)',
    '(有)',
    '(주)',
  ]
    .map((form) => plain(form).replace(/[()]/g, '\\$&'))
    .join('|'),
  'g',
)
const NO_WORD = /[^\p{L}\p{M}\p{N}]+/u

const isLetter = (word: string): boolean =>
  word.length === 1 || (word.length === 2 && (word.codePointAt(0) ?? 0) > 0xffff)

/** Letters in a row become one word, as they are where an abbreviation is written without its dots. */
function joinLetters(words: readonly string[]): readonly string[] {
  if (!words.some(isLetter)) return words
  const joined: string[] = []
  for (const [at, word] of words.entries())
    if (isLetter(word) && at > 0 && isLetter(words[at - 1] ?? '')) joined.push(`${joined.pop() ?? ''}${word}`)
    else joined.push(word)
  return joined
}

/** As most names are: nothing to take apart but the words. */
const PLAIN_NAME = /^[a-z0-9]+(?: [a-z0-9]+)*$/

/** `B.V.` is `bv`, `O'Brien` is one word, `&` is `and`. */
function wordsOf(name: string): readonly string[] {
  const text = plain(name)
  return PLAIN_NAME.test(text) ? text.split(' ') : wordsOfMarked(text)
}

const wordsOfMarked = (text: string): readonly string[] =>
  text
    .replace(JOINED, ' ')
    .replace(/['’`´]/g, '')
    .replace(/[&+]/g, ' and ')
    .split(/\s+/)
    .flatMap((part) => joinLetters(part.split(NO_WORD).filter((word) => word !== '')))

/** Each by its last word. */
const PHRASES_BY_LAST = Map.groupBy(
  [...PHRASES].map((phrase) => phrase.split(' ')),
  (phrase) => phrase.at(-1) ?? '',
)

const endsWith = (words: readonly string[], phrase: readonly string[]): boolean =>
  words.length >= phrase.length &&
  phrase.every((word, at) => word === words[words.length - phrase.length + at])

/** How many words at the end are a legal form; the longest one counts. */
function formLength(words: readonly string[]): number {
  const last = words.at(-1) ?? ''
  let longest = FORMS.has(last) ? 1 : 0
  for (const phrase of PHRASES_BY_LAST.get(last) ?? [])
    if (phrase.length > longest && endsWith(words, phrase)) longest = phrase.length
  if (!isLetter(last)) return longest
  let letters = ''
  for (let length = 1; length <= Math.min(LONGEST_FORM, words.length); length++) {
    const word = words[words.length - length] ?? ''
    if (!isLetter(word)) break
    letters = word + letters
    if (length > longest && FORMS.has(letters)) longest = length
  }
  return longest
}

/** `GmbH & Co. KG` leaves an `and`, and a name may be written `Phone Company, The`. */
const isLeftBehind = (word: string | undefined): boolean => word === 'and' || word === 'the'

/** The words without legal forms; none is left of a name that is nothing else. */
function ownWords(name: string): readonly string[] {
  let words: readonly string[] = wordsOf(name)
  for (;;) {
    const last = isLeftBehind(words.at(-1)) ? 1 : formLength(words)
    if (last > 0) words = words.slice(0, -last)
    else {
      const first = beginningLength(words)
      if (first === 0) return words
      words = words.slice(first)
    }
  }
}

/** How many words at the beginning tell no more than a legal form. */
function beginningLength(words: readonly string[]): number {
  const [first = ''] = words
  if (BEFORE.has(first)) return 1
  if (first !== 'cong') return 0
  return PHRASES_BEFORE.find((phrase) => phrase.every((word, at) => word === words[at]))?.length ?? 0
}

/** The words of a name without its legal form, abbreviations joined; none where it says nothing. */
export const nameWords = (name: string): readonly string[] => joinLetters(ownWords(name))

/** `null`: the name says nothing, as `Pty Ltd` or an empty one. */
export function nameKey(name: string): NameKey | null {
  const words = nameWords(name)
  return words.length === 0 ? null : (words.join(' ') as NameKey)
}

/** What is its own key, as nearly all of PRISM's are. */
const PLAIN_DOMAIN = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*\.[a-z]{2,}$/

/** As websites are written: what is before the host, and what is behind it. */
const BEFORE_HOST = /^https?:\/\//
const BEHIND_HOST = /[/?#].*$/

/** Of a domain, a host, an e-mail address or the whole address of a website; `null` where it is none of them. */
export function domainKey(text: string): DomainKey | null {
  const bare = text.replace(BEFORE_HOST, '').replace(BEHIND_HOST, '')
  const plainHost = bare.startsWith('www.') ? bare.slice(4) : bare
  if (PLAIN_DOMAIN.test(plainHost) && !plainHost.startsWith('www.') && !plainHost.includes('xn--'))
    return plainHost as DomainKey
  const [host = ''] = text
    .trim()
    .replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/|^mailto:/i, '')
    .split(/[/?#\s]/)
  const domain = URL.parse(`http://${host}`)?.hostname.replace(/^www\.|\.+$/g, '') ?? ''
  return /^[a-z0-9_.-]+\.[a-z][a-z0-9-]+$/.test(domain) ? (domain as DomainKey) : null
}

/**
 * The word to search with: the first that says something, so that a name is found that is written a little differently. As it is
 * written, since a search may tell accents apart.
 */
export function searchWord(name: string): string {
  const own = ownWords(name).filter((word) => !isLetter(word))
  const written = name.split(NO_WORD).find((word) => own.includes(plain(word)))
  return written ?? own[0] ?? name.trim()
}
