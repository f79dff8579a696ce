/** A file that was uploaded, as an answer refers to it. */
export interface Reference {
  readonly digest: string;
  readonly name: string;
}

/** What an evidence field holds as text: words or a link as they are, a file as its reference. */
export function evidenceText(evidence: string | Reference | undefined): string {
  return typeof evidence === "object" ? JSON.stringify(evidence) : (evidence ?? "");
}

/** What is sent for it. */
export function evidenceIn(text: string): string | Reference {
  return referenceIn(text) ?? text;
}

export function referenceIn(text: string): Reference | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("digest" in value) || !("name" in value))
      return undefined;
    const { digest, name } = value;
    const isFile =
      typeof digest === "string" && typeof name === "string" && /^sha256:[0-9a-f]{64}$/.test(digest);
    return isFile ? { digest, name } : undefined;
  } catch {
    return undefined;
  }
}
