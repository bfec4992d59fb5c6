/** Whether the text can be an organisation's public id, as pod addresses carry it: base64url. Anything else names nobody. */
export const isPublicId = (text: string): boolean => /^[\w-]{1,100}$/.test(text)
