/** A public key in PEM by the digest of what is in it: `sha256:…`, as checkpoints name the key that signed them. */
export async function fingerprint(pem: string): Promise<string> {
  const text = pem.replace(/-----[^-]+-----|\s/g, "");
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
