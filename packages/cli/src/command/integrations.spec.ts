import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

describe("gonogo integration", () => {
  it("tests one and tells every station, and lists what came of it", async () => {
    const tested = await stage.gonogo(["integration", "test", "cloudwatch"]);
    expect(tested).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/accepted .*recorded .*the whole way/s),
    });
    const listed = await stage.gonogo(["integration", "list"]);
    expect(listed.stdout).toMatch(/cloudwatch\s+seen 2025-06-04 .*passed/);
    expect(listed.stdout).toMatch(/sentry\s+never seen\s+not set up/);
  });

  it("exits with 1 where it fails, and says why, in JSON too", async () => {
    stage.api.integrations.fails = true;
    const failed = await stage.gonogo(["integration", "test", "channel:#releases", "--json"]);
    expect([failed.code, JSON.parse(failed.stdout)]).toMatchObject([
      1,
      { status: "failed", detail: "no route is set" },
    ]);
    const unknown = await stage.gonogo(["integration", "test", "carrier-pigeon"]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("is no integration") });
  });
});
