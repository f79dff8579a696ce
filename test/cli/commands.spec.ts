import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startServer } from "@gonogo/local/server/server";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../../packages/cli/src/program.ts";
import { runCli } from "../../packages/cli/src/testing/run-cli.ts";

/**
 * Every command, as its users write it, before the real API: the line, the body and the answer fit each other.
 * What each does is shown beside it, in packages/cli; here nothing stands in for the server.
 */

const EXAMPLES = new URL("../../examples/", import.meta.url).pathname;

/** Who asks for what; the code of the problem where it is not to be had now, or the exit code of its answer. */
type Line = readonly [who: string, line: string, otherwise?: string | number];

const IN_A_WEEK = new Date(Date.now() + 7 * 86_400_000).toISOString();

const READS: readonly Line[] = [
  ["qa", "whoami"],
  ["qa", "plan lint plan.yaml"],
  ["qa", "plan preview plan.yaml"],
  ["qa", "plan matrix plan.yaml"],
  ["qa", "plan schema"],
  ["qa", `plan import ${EXAMPLES}checkout/runbook.md ${EXAMPLES}checkout/release-plan.md`],
  ["qa", "simulate plan.yaml --alarm API5xxAlarm@T+17m --expect rolled-back"],
  ["qa", "release list --all"],
  ["qa", "release show REL"],
  ["qa", "release checks REL", 1],
  ["qa", "release export REL --as markdown"],
  ["qa", "release evidence REL"],
  ["qa", "audit verify REL"],
  ["qa", "audit log REL"],
  ["qa", "audit log deployment"],
  ["qa", "obligations list --mine"],
  ["qa", "calendar show"],
  ["qa", "policy show --history"],
  ["qa", "delegation list"],
  ["qa", `policy check ${EXAMPLES}policies/default.yaml`],
  ["qa", "measures --by day --component orders-api"],
  ["qa", "deployments list --environment Production"],
  ["qa", "audit status"],
  ["qa", "integration list"],
  ["governance", "key list --all"],
  ["release-manager", "audit refusals"],
  ["qa", "doctor --all"],
];

const AT_THE_GATES: readonly Line[] = [
  ["cto", "release approve REL --role CTO"],
  ["cto", "release withdraw REL --role CTO --reason wait"],
  ["cto", "release decline REL --role CTO --reason no"],
  [
    "cto",
    "release delegate REL --role CTO --to psn_00000000000000000000 --until 2099-01-01T00:00Z --reason away",
  ],
  ["cto", "release undelegate REL --role CTO --to psn_00000000000000000000"],
  ["project-manager", "release check REL change-chg-1184-has-the-board-s-approval yes --note seen"],
  ["qa", "release override REL someone-is-on-call-for-the-next-two-days --reason known", "check.no-probe"],
  ["ops", "release vote REL go --role Ops", "poll.not-open"],
  ["devsecops", "release complete REL freeze-merges-to-main --output done", "step.not-started"],
  ["devsecops", "release put-back REL none --output done", "rollback.unknown-item"],
  ["ops", "release read REL api-5xx-rate 0.2", "metric.by-machine"],
  ["qa", "release validate REL none pass --result fine", "validation.unknown"],
  ["release-manager", "release decide REL go-on --reason fine", "decide.nothing"],
  ["devsecops", "release approve-step REL phase-1 --role DevSecOps", "one-way.unknown-step"],
  ["release-manager", "release lift REL API5xxAlarm --reason mended", "quarantine.none"],
  ["release-manager", "release review REL --well all --sign", "review.not-open"],
  ["ops", "release hypercare REL none pass --result fine", "hypercare.unknown"],
  ["release-manager", "release incident REL --summary slow", "incident.too-early"],
  ["release-manager", "release resolve REL --how mended", "incident.none"],
  ["qa", "obligations complete REL none --note done", "obligation.unknown"],
  ["release-manager", "release pause REL --reason wait"],
  ["release-manager", "release resume REL --reason on"],
  ["release-manager", "release revise REL revised.yaml --reason words --dry-run"],
  ["release-manager", "release revise REL revised.yaml --reason words"],
  ["release-manager", "release promote REL --reason on", "promote.not-running"],
  ["release-manager", "release retry REL --reason again", "retry.nothing"],
  ["release-manager", "release skip REL --step phase-1 --reason later"],
  ["release-manager", "release attest REL", "attestation.none"],
  ["release-manager", "calendar freeze stock-taking --for 2h --environment elsewhere --reason counting"],
  ["release-manager", "calendar thaw freeze-1 --reason counted"],
  ["release-manager", "calendar window night --from 2099-01-01 --for 2h --component other --reason work"],
  ["release-manager", "calendar import feed.ics --kind freeze --name fair --reason fair"],
  ["release-manager", "calendar forget fair --reason over"],
  ["release-manager", "calendar rules rules.yaml --reason yearly"],
  ["release-manager", "integration test cloudwatch"],
  ["governance", "key create ci --scope release:read --expires 30d --reason pipeline"],
  ["governance", "key revoke key_000000000000 --reason over", "key.unknown"],
  ["governance", `policy set ${EXAMPLES}policies/default.yaml --reason first`],
  ["governance", "policy withdraw --reason tried"],
  ["cto", `delegation add --role CTO --to psn_00000000000000000000 --until ${IN_A_WEEK} --reason away`],
  ["cto", "delegation withdraw delegation-1 --reason back"],
  ["release-manager", "audit rotate --reason yearly", "audit-key.none"],
  ["release-manager", "audit forget psn_00000000000000000000 --reason asked"],
  ["release-manager", "audit erase deployment --record 1 --only --reason request-4711"],
];

const AFTERWARDS: readonly Line[] = [
  ["release-manager", "release rollback REL --reason enough"],
  ["release-manager", "release watch REL --expect rolled-back"],
  ["release-manager", "release abort REL --reason enough", "abort.ended"],
  ["release-manager", "release copy REL github", "archive.not-there"],
  ["release-manager", "release start plan.yaml", "release.exists"],
  ["pipeline", "release rehearse plan.yaml --to phase-1"],
  ["qa", "drills", 1],
  ["qa", "audit key"],
  ["qa", "audit export --out bundle.zip"],
  ["qa", "audit verify bundle bundle.zip --key key.pem"],
];

const ICS = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//x//y//EN",
  "BEGIN:VEVENT",
  "UID:1",
  "SUMMARY:Fair",
  "DTSTAMP:20980101T000000Z",
  "DTSTART:20980101T000000Z",
  "DTEND:20980102T000000Z",
  "END:VEVENT",
  "END:VCALENDAR",
];

describe("every command, before the real API", () => {
  let directory = "";
  let server: RunningServer;
  let release = "";

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "gonogo-commands-"));
    server = await startServer({ directory, port: 0, sample: true, speed: 2, write: () => {} });
    await turn({ standIns: false });
    const { items } = JSON.parse((await gonogo("qa", "release list")).stdout) as { items: { id: string }[] };
    release = items[0]?.id ?? "";
    const { documents } = JSON.parse((await gonogo("qa", "release export REL --as yaml")).stdout) as {
      documents: { text: string }[];
    };
    const plan = documents[0]?.text ?? "";
    writeFileSync(join(directory, "plan.yaml"), plan);
    writeFileSync(join(directory, "revised.yaml"), plan.replace("one-page checkout", "checkout on one page"));
    writeFileSync(join(directory, "feed.ics"), ICS.join("\r\n"));
    writeFileSync(join(directory, "rules.yaml"), "calendar: 1\nfreezes: []\nwindows: []\n");
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const turn = (change: object) =>
    fetch(`${server.address}/v1/demo`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Demo qa" },
      body: JSON.stringify(change),
    });
  const gonogo = (who: string, line: string) =>
    runCli([...line.split(" ").map((word) => (word === "REL" ? release : word)), "--json"], {
      cwd: directory,
      env: { GONOGO_SERVER: server.address, GONOGO_AS: who },
    });
  const outcome = async ([who, line]: Line) => {
    const { code, stdout, stderr } = await gonogo(who, line);
    const { error } = JSON.parse(stdout) as { error?: { code: string } };
    return { code, refused: error?.code, said: `${line}: ${stderr}` };
  };

  const asIsExpected = async (line: Line) => {
    const { said, ...got } = await outcome(line);
    const wanted = typeof line[2] === "string" ? { refused: line[2] } : { code: line[2] ?? 0 };
    expect(got, said).toMatchObject(wanted);
  };

  it("is in one of the lists here", () => {
    const leaves = (command: Command, path: readonly string[]): string[] =>
      command.commands.length === 0
        ? [path.join(" ")]
        : command.commands.flatMap((each) => leaves(each, [...path, each.name()]));
    const tried = [...READS, ...AT_THE_GATES, ...AFTERWARDS].map(([, line]) => line);
    const untried = leaves(
      buildProgram(() => {}),
      [],
    ).filter((path) => !tried.some((line) => line === path || line.startsWith(`${path} `)));
    expect(untried).toEqual([]);
  });

  it("that reads is understood and answered", async () => {
    const rest = [...READS];
    const next = async (): Promise<void> => {
      const line = rest.shift();
      if (line !== undefined) await asIsExpected(line).then(next);
    };
    await Promise.all([next(), next(), next()]);
  }, 60_000);

  it("that changes something does, or says why not by a code", async () => {
    for (const line of AT_THE_GATES) await asIsExpected(line);
  }, 120_000);

  it("of a release that is over, and of the record that is left", async () => {
    await turn({ speed: 60 });
    for (const line of AFTERWARDS) {
      await asIsExpected(line);
      if (line[1] === "audit key") {
        const { stdout } = await gonogo("qa", "audit key");
        const { key } = JSON.parse(stdout) as { key: string };
        writeFileSync(join(directory, "key.pem"), key);
      }
    }
  }, 60_000);
});
