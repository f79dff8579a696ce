export const IN_TOTO = "application/vnd.in-toto+json";

/**
 * The SHA-256s that an in-toto statement is about; none where it is no statement.
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export function subjectsOf(payload: Buffer): string[] {
  try {
    const statement = JSON.parse(payload.toString("utf8")) as {
      subject?: readonly { readonly digest?: { readonly sha256?: unknown } }[];
    };
    return (statement.subject ?? []).flatMap(({ digest }) =>
      typeof digest?.sha256 === "string" ? [digest.sha256.toLowerCase()] : [],
    );
  } catch {
    return [];
  }
}
