import { RELEASE_MANAGER } from "../../authority/authority.ts";
import { words } from "../../kit/text.ts";
import type { Findings } from "../findings.ts";
import { isPlaceholder } from "../read/tidy.ts";
import type { Field } from "../table/kinds.ts";
import type { Line } from "../table/recognise.ts";
import { lineIn } from "./values.ts";

/** The roles that the documents name, each under the spelling it was first met in, with its people. */
export class Roles {
  readonly #byWords = new Map<string, { name: string; people: string[] }>();
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The role a cell names. A blank cell is the release manager's business, and a warning. */
  read(line: Line, field: Field, what: string): string {
    const text = lineIn(line, field, this.#findings);
    if (text !== undefined && !isPlaceholder(text)) return this.named(text);
    const message = `nobody is named for ${what}`;
    const instead = `${RELEASE_MANAGER} answers for it; name a role in the column "${field}"`;
    this.#findings.warning("no-owner", line.place(field), message, instead);
    return this.named(RELEASE_MANAGER);
  }

  named(text: string): string {
    const spelt = /^rel(?:ease|\.)? ?(?:manager|mgr\.?)$/i.test(text) ? RELEASE_MANAGER : text;
    const key = words(spelt).join(" ") || spelt;
    const known = this.#byWords.get(key);
    if (known !== undefined) return known.name;
    this.#byWords.set(key, { name: spelt, people: [] });
    return spelt;
  }

  /** Takes down who is meant by a role: `Ada Byron`, `Ada Byron, Mary Ellis`. */
  people(role: string, names: string | undefined): void {
    if (names === undefined || isPlaceholder(names)) return;
    const known = this.#byWords.get(words(role).join(" ") || role);
    for (const name of names.split(/[,;\n]/).map((one) => one.trim())) {
      if (name !== "" && known !== undefined && !known.people.includes(name)) known.people.push(name);
    }
  }

  get all(): { name: string; people: string[] }[] {
    return [...this.#byWords.values()];
  }
}
