import type { Place } from "../../kit/problem.ts";
import { spot } from "../findings.ts";
import { readAliasCommand, versionNumber } from "../infer/alias-command.ts";
import type { ComponentDraft, TargetInput } from "../infer/components.ts";
import { codesIn, isPlaceholder } from "../read/tidy.ts";
import type { Line } from "../table/recognise.ts";
import { linesOf } from "./collect.ts";
import { type Context, defined } from "./context.ts";
import { lineIn } from "./values.ts";

/** Makes the components: those of a table of components first, then those that the phases name. */
export function readComponents(context: Context): void {
  const { collected, components, findings } = context;
  for (const { line } of linesOf(collected, "components")) {
    const name = lineIn(line, "component", findings);
    if (name === undefined) {
      findings.notUnderstood("component", line.place(), "a component without a name");
      continue;
    }
    const id = line.text("id").replaceAll("`", "");
    const component = components.named(name) ?? components.add(name, line.place(), undefined, id);
    const target = statedTarget(line);
    if (target !== undefined) {
      component.target = target;
      component.family =
        target.kind === "lambda-alias" ? "lambda" : target.kind === "manual" ? "other" : target.kind;
      continue;
    }
    const message = `"${line.text("target")}" is no target for ${name}`;
    const instead = "write lambda-alias (with Function and Alias), app-store, google-play or manual";
    findings.notUnderstood("target", line.place("target"), message, instead);
  }
  for (const { line } of linesOf(collected, "phases")) {
    const name = lineIn(line, "component", findings);
    if (name === undefined) continue;
    const component = components.named(name) ?? components.add(name, line.place("component"));
    if (component.family === "other" || component.family === "app-store") {
      const said = `${name} ${line.text("mechanism")}`;
      if (/google play|play (?:store|console)|android/i.test(said)) component.family = "google-play";
      else if (/app store|testflight|phased/i.test(said)) component.family = "app-store";
      else if (/\balias\b|lambda/i.test(said)) component.family = "lambda";
    }
  }
}

function statedTarget(line: Line): TargetInput | undefined {
  const cell = (field: "function" | "alias" | "version" | "region" | "account") =>
    line.text(field).replaceAll("`", "") || undefined;
  const [place, name, version] = [cell("function"), cell("alias"), cell("version")];
  const [region, account] = [cell("region"), cell("account")];
  switch (
    line
      .text("target")
      .toLowerCase()
      .replaceAll(/[\s_]+/g, "-")
      .replaceAll("`", "")
  ) {
    case "lambda-alias":
    case "lambda":
      if (place === undefined || name === undefined) return undefined;
      return defined({
        kind: "lambda-alias" as const,
        function: place,
        alias: name,
        version,
        region,
        account,
      });
    case "app-store":
      return defined({ kind: "app-store" as const, app: place, version });
    case "google-play":
      return defined({ kind: "google-play" as const, package: place, track: name, version });
    case "manual":
      return { kind: "manual" };
    default:
      return undefined;
  }
}

/** Settles what every component runs on, from the commands and words of all tables. */
export function settleTargets(context: Context): void {
  const evidence = aliasEvidence(context);
  for (const component of context.components.all) {
    if (component.target !== undefined) continue;
    component.target = inferTarget(component, evidence, context);
  }
}

interface AliasEvidence {
  readonly function: string | undefined;
  readonly alias: string | undefined;
  readonly version: string | undefined;
  readonly region: string | undefined;
  readonly about: ComponentDraft | undefined;
  readonly place: Place;
}

/** All that the documents say of Lambda aliases: in update-alias calls, and in rows that name one. */
function aliasEvidence({ collected, components }: Context): AliasEvidence[] {
  return (["timeline", "rollback", "triggers", "phases"] as const).flatMap((kind) =>
    linesOf(collected, kind).flatMap(({ line }) => {
      const said = line.row.cells.map((cell) => cell.text).join(" ");
      const command = readAliasCommand(said);
      const inWords = /alias/i.test(said) ? codesIn(line.text("do") || line.text("mechanism"))[0] : undefined;
      const alias =
        command?.alias ?? (inWords !== undefined && /^[\w-]+$/.test(inWords) ? inWords : undefined);
      if (command?.function === undefined && alias === undefined) return [];
      // In a rollback's call the primary is the old version; elsewhere what gets the weight is the new one.
      const isBack = kind === "rollback" || kind === "triggers";
      const version = isBack ? undefined : versionNumber(command?.additional?.version);
      const about = components.about(`${said} ${command?.function?.replaceAll("-", " ") ?? ""}`, "lambda");
      return [
        { function: command?.function, alias, version, region: command?.region, about, place: line.place() },
      ];
    }),
  );
}

function inferTarget(
  component: ComponentDraft,
  evidence: readonly AliasEvidence[],
  context: Context,
): TargetInput {
  const { findings } = context;
  const { name, place } = component;
  switch (component.family) {
    case "lambda": {
      const own = evidence.filter(({ about }) => about === component);
      const functionName = own.find((one) => one.function !== undefined)?.function;
      const alias = own.find((one) => one.alias !== undefined)?.alias;
      if (functionName === undefined || alias === undefined || isPlaceholder(functionName)) break;
      const version = own.find((one) => one.version !== undefined)?.version;
      const region = own.find((one) => one.region !== undefined)?.region;
      const source = own.find((one) => one.function !== undefined)?.place ?? place;
      const where = `function ${functionName}, alias ${alias}, version ${version ?? "newest"}`;
      findings.note("target", place, `${name} is taken for a Lambda alias: ${where} (${spot(source)})`);
      return defined({ kind: "lambda-alias" as const, function: functionName, alias, version, region });
    }
    case "app-store":
    case "google-play": {
      const store = component.family === "app-store" ? "the App Store" : "Google Play";
      findings.note("target", place, `${name} is taken for an app in ${store}`);
      return { kind: component.family };
    }
    default:
      break;
  }
  const instead =
    component.family === "lambda"
      ? "gonogo asks a person to shift it; name function and alias in an `aws lambda update-alias` command, or in a table of components"
      : "gonogo asks a person to shift it; a table of components (Component, Target, Function, Alias) can say otherwise";
  findings.warning("manual-target", place, `nothing says what ${name} runs on`, instead);
  return { kind: "manual" };
}
