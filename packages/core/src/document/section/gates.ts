import { RELEASE_MANAGER } from "../../authority/authority.ts";
import { INSTANT_FORMS, type Instant, parseInstant } from "../../kit/instant.ts";
import { freshId } from "../../kit/text.ts";
import type { PlanInput } from "../../plan/schema.ts";
import { cut } from "../read/tidy.ts";
import type { Line } from "../table/recognise.ts";
import { linesOf } from "./collect.ts";
import { type CheckInput, type Context, defined, type EnvironmentInput } from "./context.ts";
import { durationIn, lineIn, offsetIn, proseIn } from "./values.ts";

/** The checklist: its table, and lists with boxes under a heading that calls itself one. */
export function readChecklist(context: Context): CheckInput[] {
  const { collected, findings, roles } = context;
  const ids = new Set<string>();
  const rows = linesOf(collected, "checklist").flatMap(({ line, table }): CheckInput[] => {
    if (/\bpost-?(?:deploy|release)|\bafter\b/i.test(table.section.title)) {
      const message = `"${line.text("check")}" is for after the deployment, and would keep it from starting`;
      findings.notUnderstood(
        "late-check",
        line.place(),
        message,
        "write it as a validation, with a Threshold",
      );
      return [];
    }
    const check = lineIn(line, "check", findings);
    if (check === undefined) {
      findings.notUnderstood(
        "check",
        line.place(),
        "a line of the checklist that does not say what is checked",
      );
      return [];
    }
    const role = roles.read(line, "role", `"${check}"`);
    const id = freshId(line.text("id") || check, ids);
    return [defined({ id, check, role, notes: proseIn(line, "notes", findings) })];
  });
  const listed = collected.boxes.map(({ text, place }): CheckInput => {
    const message = `nobody is named for "${text}"`;
    findings.warning(
      "no-owner",
      place,
      message,
      `${RELEASE_MANAGER} answers for it; a table can name a role`,
    );
    return { id: freshId(text, ids), check: cut(text, 500), role: roles.named(RELEASE_MANAGER) };
  });
  return [...rows, ...listed];
}

/** The roles that sign off, each with the person the document names. */
export function readApprovals(context: Context): NonNullable<PlanInput["approvals"]> {
  const { collected, findings, roles } = context;
  const found: ApprovalInput[] = [];
  for (const { line } of linesOf(collected, "approvals")) {
    const said = lineIn(line, "role", findings);
    if (said === undefined) {
      findings.notUnderstood("approval", line.place(), "an approval without a role");
      continue;
    }
    const role = roles.named(said);
    roles.people(role, lineIn(line, "person", findings));
    if (found.some((one) => one.role === role)) {
      findings.warning("approval-twice", line.place(), `${role} is asked to approve twice; once is counted`);
    } else {
      const others = (field: "or" | "after") => {
        const names = namesIn(line.text(field)).map((name) => roles.named(name));
        return names.length === 0 ? undefined : names;
      };
      const count = countIn(line, findings);
      const expires = durationIn(line, "expires", findings);
      found.push(defined({ role, or: others("or"), count, after: others("after"), expires }));
    }
  }
  return found;
}

type ApprovalInput = NonNullable<PlanInput["approvals"]>[number];

/** Names in one cell, a line each or with commas between them. */
function namesIn(text: string): string[] {
  const parts = text.includes("\n") ? text.split("\n") : text.split(/[,;]/);
  return [...new Set(parts.map((name) => name.trim()).filter((name) => name !== ""))];
}

/** How many have to sign; one where the cell says nothing else. */
function countIn(line: Line, findings: Context["findings"]): number | undefined {
  const text = line.text("count");
  if (text === "") return undefined;
  const count = Number(text.replace(/ (?:people|signatures?)$/i, ""));
  if (Number.isInteger(count) && count >= 1 && count <= 20) return count;
  const message = `"${text}" is no number of people who have to sign`;
  findings.notUnderstood("count", line.place("count"), message, "write a number from 1 to 20");
  return undefined;
}

/** When nothing may be shifted. */
export function readFreezes({ collected, components, findings }: Context): PlanInput["freezes"] {
  const found = linesOf(collected, "freezes").flatMap(({ line }) => {
    const name = lineIn(line, "freeze", findings);
    const from = momentIn(line, "from", findings);
    const to = momentIn(line, "to", findings);
    if (name === undefined || from === undefined || to === undefined || from >= to) {
      const message = "a freeze needs a name, a beginning and a later end";
      findings.notUnderstood("freeze", line.place(), message, `write ${INSTANT_FORMS}`);
      return [];
    }
    const named = namesIn(line.text("component")).flatMap((one) => {
      const component = components.named(one);
      if (component !== undefined) return [component.id];
      const message = `the freeze "${name}" is of "${one}", which is no component of the release`;
      findings.notUnderstood("freeze-component", line.place("component"), message);
      return [];
    });
    return [defined({ name, from, to, components: named.length === 0 ? undefined : named })];
  });
  return found.length === 0 ? undefined : found;
}

function momentIn(line: Line, field: "from" | "to", findings: Context["findings"]): Instant | undefined {
  const text = lineIn(line, field, findings);
  return text === undefined ? undefined : parseInstant(text.replace(/\s*\(?utc\)?$/i, ""));
}

/** The go/no-go vote: a table of the roles that vote. */
export function readPoll(context: Context): PlanInput["poll"] {
  const { collected, findings, roles } = context;
  const lines = linesOf(collected, "poll").map(({ line }) => line);
  const voters = lines.flatMap((line) => {
    const said = lineIn(line, "role", findings);
    if (said === undefined) findings.notUnderstood("poll", line.place(), "a line of the vote without a role");
    return said === undefined ? [] : [roles.named(said)];
  });
  if (voters.length === 0) return undefined;
  const first = <F extends "opens" | "closes">(field: F) =>
    lines.map((line) => offsetIn(line, field, context.start, findings)).find((at) => at !== undefined);
  return defined({ roles: [...new Set(voters)], at: first("opens"), closes: first("closes") });
}

/** Who is meant by a role, and whom to call. */
export function readContacts(context: Context): void {
  const { collected, findings, roles } = context;
  for (const { line } of linesOf(collected, "contacts")) {
    const role = lineIn(line, "role", findings);
    if (role === undefined) findings.notUnderstood("contact", line.place(), "a contact without a role");
    else roles.people(roles.named(role), lineIn(line, "person", findings));
  }
}

export function readEnvironments(context: Context): EnvironmentInput[] {
  const { collected, findings } = context;
  return linesOf(collected, "environments").flatMap(({ line }): EnvironmentInput[] => {
    const name = lineIn(line, "environment", findings);
    if (name === undefined) {
      findings.notUnderstood("environment", line.place(), "an environment without a name");
      return [];
    }
    const account = lineIn(line, "account", findings)?.replaceAll(/[\s-]/g, "");
    const isAccount = account !== undefined && /^\d{12}$/.test(account);
    if (account !== undefined && !isAccount) {
      const message = `"${account}" is no AWS account id and is left out`;
      findings.warning("account", line.place("account"), message, "an account id has twelve digits");
    }
    return [
      defined({
        name,
        region: lineIn(line, "region", findings),
        account: isAccount ? account : undefined,
        source: lineIn(line, "source", findings),
        notes: proseIn(line, "notes", findings),
      }),
    ];
  });
}
