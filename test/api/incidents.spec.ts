import ICAL from "ical.js";
import { beforeAll, describe, expect, it } from "vitest";
import { untilWatching, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const PATH = "/v1/releases/REL-SMALL";
let api: VirtualApi;

beforeAll(async () => {
  api = await virtualApi();
  await untilWatching(api);
});

describe("an incident and its postmortem, by the API", () => {
  it("are not there before there is one", async () => {
    for (const path of [`${PATH}/incident`, `${PATH}/postmortem.ics`]) {
      const { status, json } = await api.ask("GET", path, { as: "qa" });
      expect([status, json.code]).toEqual([404, "incident.none"]);
    }
  });

  it("come with the rollback: the record, the report and the date", async () => {
    api.simulation.punctual = false;
    const body = { command: { type: "Rollback" }, reason: "prices are wrong" };
    expect(await api.ask("POST", `${PATH}/commands`, { as: "qa", key: "back", body })).toMatchObject({
      status: 200,
    });
    await api.simulation.runToEnd();
    const { json } = await api.ask("GET", `${PATH}/incident`, { as: "qa" });
    expect(json).toMatchObject({
      incident: { id: "INC-REL-SMALL", cause: "prices are wrong", outcome: "rolled-back" },
      document: { name: "INC-REL-SMALL.md", text: expect.stringContaining("# Incident INC-REL-SMALL") },
    });
    expect((json.document as { text: string }).text).toContain("prices are wrong");
    const { headers, text } = await api.ask("GET", `${PATH}/postmortem.ics`, { as: "qa" });
    expect(headers.get("content-type")).toMatch(/^text\/calendar; charset=utf-8/);
    expect(headers.get("content-disposition")).toContain("postmortem-REL-SMALL.ics");
    const event = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent");
    expect(event?.getFirstPropertyValue("uid")).toBe("postmortem-INC-REL-SMALL@gonogo");
  });

  it("end with the review's signature, whose attendees are named beside the log and not in it", async () => {
    const names = ["Maya Okafor", "Otto Brandt"];
    const command = {
      type: "SignReview",
      role: "Release Manager",
      entries: {},
      answers: { heldOn: "2026-05-06", attendees: names, lessons: ["look at the ledger"] },
    };
    const signed = await api.ask("POST", `${PATH}/commands`, {
      as: "release-manager",
      key: "sign",
      body: { command },
    });
    expect(signed.status).toBe(200);
    const again = await api.ask("POST", `${PATH}/commands`, {
      as: "release-manager",
      key: "sign",
      body: { command },
    });
    expect(again.json).toEqual(signed.json);
    const { json } = await api.ask("GET", `${PATH}/records?limit=500`, { as: "qa" });
    expect(JSON.stringify(json.items)).not.toMatch(/Okafor|Brandt/);
    expect(Object.values(json.names as object)).toEqual(expect.arrayContaining(names));
    const documents = await api.ask("GET", `${PATH}/documents`, { as: "qa" });
    expect(documents.text).toContain("Attendees: Maya Okafor, Otto Brandt");
    const view = await api.ask("GET", PATH, { as: "qa" });
    expect(view.json.obligations).toMatchObject([{ id: "postmortem", open: false }]);
    const { json: after } = await api.ask("GET", `${PATH}/incident`, { as: "qa" });
    expect((after.incident as { postmortemAt?: string }).postmortemAt).toBeDefined();
  });
});
