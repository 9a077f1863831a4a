/** Messages about shells. */
export const shellMessages = {};
