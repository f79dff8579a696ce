import type { Log } from "@gonogo/functions/runtime";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { setFault, strikeAt } from "./faults.ts";
import { shortPlan } from "./plans.ts";
import { afterT, expectSound, stateOf } from "./world.ts";

/** Names as people have them, in the plan and in the directory; none may come into a record or a log line. */
const NAMES = ["Ada Winterbottom", "Brân Cadwaladr"];

describe("S16 quiet", () => {
  it("no task token, no person's name and no credential in records, messages or log lines", async () => {
    const plan = shortPlan({
      roles: [
        { name: "Release Manager" },
        { name: "Ops" },
        { name: "CTO", people: [NAMES[0] ?? ""] },
        { name: "Security", people: [NAMES[1] ?? ""] },
      ],
    });
    const simulation = await Simulation.begin(plan);
    const { runtime, engine } = simulation.control;
    const lines: string[] = [];
    const write: Log["info"] = (message, about) => void lines.push(JSON.stringify({ message, about }));
    Object.assign(runtime.log, { info: write, warn: write, error: write });
    const sent: string[] = [];
    runtime.channel.send = async (message) => {
      sent.push(JSON.stringify(message));
      return { via: "test" };
    };

    runtime.metrics.read = async () => {
      throw new Error("the metrics are away");
    };
    const tokens = new Set<string>();
    const { fault } = strikeAt(90, "before", 8);
    setFault(simulation, async (call, proceed) => {
      const { taskToken } = (call.input ?? {}) as { taskToken?: string };
      if (taskToken !== undefined) tokens.add(taskToken);
      return await fault(call, proceed);
    });
    const watched = ({ state }: Awaited<ReturnType<typeof simulation.load>>) =>
      state.metrics.errors !== undefined;
    for (let tries = 0; tries < 20; tries++) {
      try {
        if (await simulation.runUntil(watched, await afterT(simulation, 3600))) break;
      } catch {
        // People whose request was struck ask again.
      }
    }
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(tokens.size).toBeGreaterThan(1);
    expect(lines.length).toBeGreaterThan(0);
    expect(sent.length).toBeGreaterThan(0);

    const records = JSON.stringify(await expectSound(simulation));
    const state = JSON.stringify(await stateOf(simulation));
    const secrets = [...tokens, ...NAMES, "secretAccessKey", "AWS4-HMAC-SHA256"];
    for (const [where, text] of Object.entries({ records, state, sent: sent.join(), lines: lines.join() })) {
      for (const secret of secrets) expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
    }
    // The keys of what is kept of a wait are no tokens either.
    const { Items } = (await engine.kernel.call("dynamodb", "Scan", { TableName: "releases" })) as {
      Items: { pk: { S: string }; sk: { S: string } }[];
    };
    const keys = Items.map(({ pk, sk }) => `${pk.S} ${sk.S}`).join();
    for (const token of tokens) expect(keys.includes(token)).toBe(false);
    simulation.stop();
  });

  it("a person is an opaque id in every record", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await simulation.runToEnd();
    const people = (await expectSound(simulation)).flatMap(({ actor }) =>
      actor.kind === "person" ? [actor.id] : [],
    );
    expect(people.length).toBeGreaterThan(0);
    for (const id of people) expect(id).toMatch(/^psn_[0-9a-f]{20}$/);
    simulation.stop();
  });
});
