/** What is wrong with an event pattern, in AWS's words. Thrown while compiling; `parsePattern` answers it. */
export class PatternProblem extends Error {}
