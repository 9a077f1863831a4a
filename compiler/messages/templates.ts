/** Messages about templates. */
export const templateMessages = {};
