/** What GONOGO_SIGSTORE_ROOT says where there is no file. */
export const NO_ROOT = "none";
