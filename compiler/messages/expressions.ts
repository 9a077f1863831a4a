/** Messages about expressions. */
export const expressionMessages = {};
