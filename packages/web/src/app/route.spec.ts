import { describe, expect, test } from "vitest";
import { releaseAddress, routeOf } from "./route.ts";

describe("routeOf", () => {
  test.each([
    ["", { view: "board" }],
    ["#/", { view: "board" }],
    ["#/releases", { view: "releases" }],
    ["#/plans", { view: "plans" }],
    ["#/system", { view: "system" }],
    ["#/governance?part=keys", { view: "governance" }],
    ["#/measures?by=day&component=a%2Fb", { view: "measures" }],
    ["#/system/nowhere", { view: "unknown", hash: "#/system/nowhere" }],
    ["#/releases/REL-1", { view: "release", id: "REL-1", tab: "overview" }],
    ["#/releases/REL-1/log", { view: "release", id: "REL-1", tab: "log" }],
    ["#/releases/REL-1/nowhere", { view: "unknown", hash: "#/releases/REL-1/nowhere" }],
    ["#/elsewhere", { view: "unknown", hash: "#/elsewhere" }],
    ["#/releases/%E0%A4%A", { view: "release", id: "%E0%A4%A", tab: "overview" }],
  ])("%s", (hash, route) => {
    expect(routeOf(hash)).toEqual(route);
  });

  test("an address leads back to its release, whatever its id is made of", () => {
    const id = "a/b c%2";
    expect(routeOf(releaseAddress(id, "steps"))).toEqual({ view: "release", id, tab: "steps" });
  });
});
