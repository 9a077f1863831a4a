/** Messages about resources. */
export const resourceMessages = {};
