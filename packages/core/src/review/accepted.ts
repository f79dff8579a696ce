/** How the result of a validation begins that somebody stepped over. */
export const ACCEPTED = "accepted without passing";
