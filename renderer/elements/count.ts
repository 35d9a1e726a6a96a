/** '20,000' of 20000. */
export const count = (number: number): string => number.toLocaleString('en-US');
