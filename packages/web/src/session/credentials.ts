/** Who the page says it is, for as long as the tab is open. */
export type Credentials =
  | { readonly kind: "demo"; readonly id: string }
  | {
      readonly kind: "token";
      readonly token: string;
      /** The provider that it is of, where the page has it from one. */
      readonly issuer?: string;
    };

const KEY = "gonogo.session";

/** The header that goes with every request; none where nobody has signed in. */
export function headersOf(credentials: Credentials | undefined): Record<string, string> {
  if (credentials === undefined) return {};
  return credentials.kind === "demo"
    ? { authorization: `Demo ${credentials.id}` }
    : { authorization: `Bearer ${credentials.token}` };
}

export function readCredentials(text: string | null): Credentials | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    if (typeof value !== "object" || value === null || !("kind" in value)) return undefined;
    if (value.kind === "demo" && "id" in value && typeof value.id === "string") {
      return { kind: "demo", id: value.id };
    }
    if (value.kind === "token" && "token" in value && typeof value.token === "string") {
      const { token } = value;
      return "issuer" in value && typeof value.issuer === "string"
        ? { kind: "token", token, issuer: value.issuer }
        : { kind: "token", token };
    }
  } catch {
    // What somebody else left under our key is as good as nothing.
  }
  return undefined;
}

export function storedCredentials(): Credentials | undefined {
  return readCredentials(sessionStorage.getItem(KEY));
}

export function storeCredentials(credentials: Credentials | undefined): void {
  if (credentials === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(credentials));
}
