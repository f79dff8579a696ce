import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

const RULES = `calendar: 1
zone: Europe/Berlin
freezes:
  - { name: Christmas, dates: 12-24..12-26 }
windows:
  - { name: Monthly maintenance, every: first Tuesday, from: "02:00", to: "04:00", zone: UTC }
`;

describe("gonogo calendar", () => {
  it("declares a freeze, shows it, and thaws it, each with its reason", async () => {
    const words = ["calendar", "freeze", "Payment incident", "--for", "4 h", "--reason", "INC-7 is open"];
    const declared = await stage.gonogo([...words, "--environment", "Production", "--incident", "INC-7"]);
    expect(declared).toMatchObject({ code: 0, stdout: expect.stringContaining("declared as freeze-1") });
    const shown = await stage.gonogo(["calendar", "show"]);
    expect(shown.stdout).toMatch(
      /now\s+2025-06-04 01:00 to 2025-06-04 05:00\s+freeze\s+freeze-1\s+Production/,
    );
    expect(shown.stdout).toContain("Payment incident (INC-7): INC-7 is open");
    const thawed = await stage.gonogo(["calendar", "thaw", "freeze-1", "--reason", "it is over", "--json"]);
    expect(JSON.parse(thawed.stdout)).toMatchObject({ version: 2 });
    expect(stage.api.requests.at(-1)).toMatchObject({ method: "DELETE", body: { reason: "it is over" } });
    const gone = await stage.gonogo(["calendar", "show"]);
    expect(gone.stdout).not.toContain("now ");
  });

  it("shows its rules, and sets them from a file", async () => {
    const file = stage.file("calendar.yaml", RULES);
    const set = await stage.gonogo(["calendar", "rules", file, "--reason", "as agreed"]);
    expect(set.code).toBe(0);
    const text = (await stage.gonogo(["calendar", "rules"])).stdout;
    expect(text).toContain("every: first Tuesday");
    const shown = await stage.gonogo(["calendar", "show", "--to", "2025-07-02"]);
    expect(shown.stdout).toMatch(
      /2025-07-01 02:00 to 2025-07-01 04:00\s+window\s+rule\s+all\s+Monthly maintenance/,
    );
    const ics = await stage.gonogo(["calendar", "show", "--ics"]);
    expect(ics).toMatchObject({ code: 0, stdout: expect.stringContaining("BEGIN:VCALENDAR") });
  });

  it("takes a calendar from a file or a feed, and forgets it", async () => {
    const file = stage.file("Trade Fair.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    const words = ["--kind", "freeze", "--reason", "the fair"];
    expect((await stage.gonogo(["calendar", "import", file, ...words])).code).toBe(0);
    expect(stage.api.requests.at(-1)).toMatchObject({
      path: "/v1/calendar/imports/trade-fair",
      body: { kind: "freeze", text: expect.stringContaining("VCALENDAR") },
    });
    const feed = "https://calendar.example.com/private-1234/basic.ics";
    const taken = await stage.gonogo(["calendar", "import", feed, ...words]);
    expect(taken.stdout).toContain("calendar-example-com");
    expect(taken.stdout + taken.stderr).not.toContain("private-1234");
    expect((await stage.gonogo(["calendar", "forget", "trade-fair", "--reason", "over"])).code).toBe(0);
  });

  it("says what is refused, and what is missing", async () => {
    const noReason = await stage.gonogo(["calendar", "thaw", "freeze-9"]);
    expect(noReason).toMatchObject({ code: 2, stderr: expect.stringContaining("--reason") });
    const unknown = await stage.gonogo(["calendar", "thaw", "freeze-9", "--reason", "over"]);
    expect(unknown.stderr).toContain('nothing declared is called "freeze-9"');
    const noRole = await stage.gonogo(["calendar", "thaw", "freeze-9", "--reason", "x"], {
      env: { GONOGO_AS: "nora" },
    });
    expect(noRole.stderr).toContain("that is for Release Manager");
    expect(noRole.code).not.toBe(0);
  });
});
