/** Messages of the evaluator: what can only be said once facts and values are known. */
export const evaluationMessages = {};
