/** The version of this product, as package.json, its lock and the changelog have it; a test compares them. */
export const version = '0.2.0'
