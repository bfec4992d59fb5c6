/** Every message that a plan can carry, with what to do about it (G3). Where requirements give a text, it is that text. */
export * from './addition-findings.ts'
export * from './line-findings.ts'
export * from './month-findings.ts'
export * from './price-findings.ts'
export * from './undo-findings.ts'
