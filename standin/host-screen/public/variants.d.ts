/** Types of variants.js, for its test. */
export const variants: Readonly<Record<string, { readonly title: string }>>
export function chosenVariant(): string
