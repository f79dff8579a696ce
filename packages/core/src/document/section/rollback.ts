import type { Place } from "../../kit/problem.ts";
import { plain } from "../../kit/text.ts";
import { familyOf } from "../infer/components.ts";
import { explainAlias } from "../infer/explain-alias.ts";
import { linesOf } from "./collect.ts";
import { type Context, defined, type RollbackInput } from "./context.ts";
import { lineIn, proseIn } from "./values.ts";

/** The way back, component by component. What no phase moves becomes a component that a person puts back. */
export function readRollback(context: Context): RollbackInput[] {
  const { collected, components, findings } = context;
  return linesOf(collected, "rollback").flatMap(({ line }): RollbackInput[] => {
    const name = lineIn(line, "component", findings);
    const command = proseIn(line, "command", findings);
    if (name === undefined || command === undefined) {
      const said = line.row.cells.map((cell) => cell.text).join(" | ");
      const message = `no way back: ${said.slice(0, 200)}`;
      findings.notUnderstood("rollback", line.place(), message, "write a component and how it is put back");
      return [];
    }
    const known = components.named(name) ?? components.about(`${name} `, familyOf(name));
    const component = known ?? components.add(withoutVerb(name), line.place("component"), "gateway");
    if (known === undefined) {
      component.target = { kind: "manual" };
      const message = `no phase moves ${component.name}; when the release is rolled back its owner is asked to put it back`;
      findings.note("rollback-by-person", line.place("component"), message);
    } else if (known.family === "lambda") {
      explainAlias(findings, line.place("command"), command, { component: known, percent: 0 });
    }
    explainStoreRollback(context, `${name} ${command}`, line.place("command"));
    return [
      defined({
        component: component.id,
        name: component.name === name ? undefined : name,
        command,
        reference: lineIn(line, "reference", findings),
      }),
    ];
  });
}

/** `API Gateway stage rollback` is about the API Gateway stage. */
function withoutVerb(name: string): string {
  return (
    plain(name)
      .replace(/\s+(?:roll ?back|revert|restore|back-?out)$/i, "")
      .trim() || name
  );
}

/** The App Store has no way back to an earlier build; says what is done in its place. */
export function explainStoreRollback(context: Context, text: string, place: Place): void {
  if (
    !/remove (?:the )?build|previous build|pull (?:the )?(?:app|build|version)|revert (?:the )?(?:app|build)/i.test(
      text,
    )
  )
    return;
  const inAppStore = context.components.all.some(({ family }) => family === "app-store");
  if (!inAppStore || /google play|play (?:store|console)/i.test(text)) return;
  const message =
    "the App Store cannot go back to an earlier build: who has installed the new one keeps it, and removing it takes the app from sale";
  const instead =
    "gonogo pauses the phased release; submit the previous code as a new version and ask for expedited review";
  context.findings.warning("store-rollback", place, message, instead);
}
