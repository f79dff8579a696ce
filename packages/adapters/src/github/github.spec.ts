import type { Look } from "@gonogo/core/check/port";
import type { Instant } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { GitLabCi } from "../gitlab/index.ts";
import { ChangeLog, entryFor } from "./change-log.ts";
import { GitHubCi } from "./checks.ts";

const NOW = "2026-03-10T02:00:00.000Z" as Instant;
const COMMIT = "1f3c9a2d5e6b7f8091a2b3c4d5e6f708192a3b4c";
const run = (name: string, status = "completed", conclusion: string | null = "success") => ({
  name,
  status,
  conclusion,
});
const status = (context: string, state = "success") => ({ context, state });

interface Hub {
  readonly runs?: readonly object[];
  readonly statuses?: readonly object[];
  readonly answer?: () => Response;
}

/** GitHub's two lists, paged as it pages them. */
function hub({ runs = [], statuses = [], answer }: Hub, asked: Request[] = []) {
  const fetch_ = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push(request);
    if (answer !== undefined) return answer();
    if (request.headers.get("authorization") !== "Bearer t0ken") return new Response("{}", { status: 401 });
    const { pathname, searchParams } = new URL(request.url);
    const page = Number(searchParams.get("page"));
    const size = Number(searchParams.get("per_page"));
    const part = <T>(all: readonly T[]) => all.slice((page - 1) * size, page * size);
    if (pathname === `/repos/acme/shop/commits/${COMMIT}/check-runs`)
      return Response.json({ total_count: runs.length, check_runs: part(runs) });
    if (pathname === `/repos/acme/shop/commits/${COMMIT}/status`)
      return Response.json({ total_count: statuses.length, statuses: part(statuses), state: "success" });
    return new Response("{}", { status: 404 });
  };
  return { fetch: fetch_ as typeof fetch, now: () => NOW, token: "t0ken" };
}

function ci(of: Hub, required: string[] = []): Promise<Look> {
  const probe = { kind: "ci", system: "github", repo: "acme/shop", commit: COMMIT, required };
  return new GitHubCi(hub(of)).look({ probe } as never);
}

describe("the checks of a commit on GitHub", () => {
  it.each([
    [
      "all green",
      { runs: [run("test"), run("lint", "completed", "skipped")], statuses: [status("ci")] },
      "yes",
      /3 checks/,
    ],
    ["one red", { runs: [run("test"), run("e2e", "completed", "failure")] }, "no", "red: e2e"],
    ["one timed out", { runs: [run("e2e", "completed", "timed_out")] }, "no", "red: e2e"],
    ["one under way", { runs: [run("test"), run("e2e", "in_progress", null)] }, "no", "not over yet: e2e"],
    ["a status pending", { statuses: [status("ci", "pending")] }, "no", "not over yet: ci"],
    ["a status in error", { runs: [run("test")], statuses: [status("ci", "error")] }, "no", "red: ci"],
    ["nothing at all", {}, "no", "nothing has checked"],
    ["no such commit", { answer: () => new Response("{}", { status: 404 }) }, "unknown", "no such thing"],
    ["a wrong token", { answer: () => new Response("{}", { status: 401 }) }, "unknown", "GONOGO_PROBES"],
    ["a moved repository", { answer: () => new Response("", { status: 301 }) }, "unknown", "moved"],
    ["no GitHub", { answer: () => new Response("", { status: 503 }) }, "unknown", "503"],
    ["another form", { answer: () => Response.json({ check_runs: "?" }) }, "unknown", "not as documented"],
  ] as [string, Hub, string, string | RegExp][])("%s", async (_, of, answer, detail) => {
    const look = await ci(of);
    expect(look.answer).toBe(answer);
    expect(look.saw.detail).toMatch(detail);
  });

  it("wants those that must be there", async () => {
    expect(await ci({ runs: [run("test")] }, ["test"])).toMatchObject({ answer: "yes" });
    expect(await ci({ runs: [run("test")] }, ["test", "e2e"])).toMatchObject({
      answer: "no",
      saw: { detail: "not there: e2e" },
    });
  });

  it("looks at every page: the red one is on the third", async () => {
    const runs = Array.from({ length: 250 }, (_, i) =>
      run(`t${i}`, "completed", i === 249 ? "failure" : "success"),
    );
    expect(await ci({ runs })).toMatchObject({ answer: "no", saw: { detail: "red: t249" } });
  });

  it("says nothing of the token", async () => {
    expect(JSON.stringify(await ci({ runs: [run("test")] }))).not.toContain("t0ken");
  });
});

describe("a commit on GitLab", () => {
  const look = (statuses: object[]) =>
    new GitLabCi({
      fetch: (async (input: string | URL | Request, init?: RequestInit) => {
        const request = new Request(input, init);
        expect(request.headers.get("private-token")).toBe("t0ken");
        expect(request.url).toContain(
          `/api/v4/projects/acme%2Fshop%2Fapi/repository/commits/${COMMIT}/statuses`,
        );
        return Response.json(statuses);
      }) as typeof fetch,
      now: () => NOW,
      token: "t0ken",
    }).look({
      probe: { kind: "ci", system: "gitlab", repo: "acme/shop/api", commit: COMMIT, required: [] },
    } as never);

  it.each([
    [[{ name: "test", status: "success" }], "yes"],
    [
      [
        { name: "test", status: "success" },
        { name: "fuzz", status: "failed", allow_failure: true },
      ],
      "yes",
    ],
    [[{ name: "test", status: "failed" }], "no"],
    [[{ name: "test", status: "running" }], "no"],
    [[], "no"],
  ])("%j: %s", async (statuses, answer) => expect(await look(statuses)).toMatchObject({ answer }));
});

const LOG = `# Changes

## [2.1.0](https://example.org) - 2026-03-09

- Faster.

### Notes

More.

## v2.0.0

## 1.9.0-rc.1

- A trial.
`;

describe("a change log", () => {
  it.each([
    ["2.1.0", "Faster"],
    ["v2.1.0", "Notes"],
    ["1.9.0-rc.1", "A trial"],
  ])("has an entry for %s", (version, text) => expect(entryFor(LOG, version)).toContain(text));

  it.each(["1.9.0", "12.1.0", "2.1", "3.0.0"])("has none for %s", (version) => {
    expect(entryFor(LOG, version)).toBeUndefined();
  });

  const look = (answer: () => Response, version = "2.1.0") =>
    new ChangeLog({ ...hub({ answer }) }).look({
      probe: { kind: "change-log", repo: "acme/shop", ref: "v2.1.0", path: "docs/CHANGELOG.md", version },
    } as never);

  it.each([
    ["an entry", () => new Response(LOG), "2.1.0", "yes"],
    ["an empty entry", () => new Response(LOG), "2.0.0", "no"],
    ["no entry", () => new Response(LOG), "9.9.9", "no"],
    ["no file", () => new Response("{}", { status: 404 }), "2.1.0", "no"],
    ["no right", () => new Response("{}", { status: 403 }), "2.1.0", "unknown"],
  ] as [string, () => Response, string, string][])("with %s", async (_, answer, version, expected) => {
    expect(await look(answer, version)).toMatchObject({ answer: expected });
  });
});
