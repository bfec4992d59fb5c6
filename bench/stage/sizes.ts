/** A size from the environment; `standard` where it is not set. Throws where it is no whole number of at least 1. */
export function sizeOf(name: string, standard: number): number {
  const text = process.env[name]
  if (text === undefined) return standard
  const size = Number(text)
  if (!Number.isInteger(size) || size < 1)
    throw new Error(`${name} is a whole number of at least 1, not ${text}.`)
  return size
}

/** As a size stands in a row. */
export const shown = (size: number): string => size.toLocaleString('en')
