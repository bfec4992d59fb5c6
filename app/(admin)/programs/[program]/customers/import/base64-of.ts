/** Bytes in Base64; part by part, as a call takes only so many arguments. */
export function base64Of(bytes: Uint8Array): string {
  const PART = 0x8000
  let text = ''
  for (let from = 0; from < bytes.length; from += PART)
    text += String.fromCharCode(...bytes.subarray(from, from + PART))
  return btoa(text)
}
