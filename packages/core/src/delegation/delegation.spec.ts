import { describe, expect, it } from "vitest";
import { type Actor, personId } from "../actor/schema.ts";
import { days, hours } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { metaOf } from "../release/evolve.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { decideDelegation } from "./decide.ts";
import { evolveDelegations } from "./evolve.ts";
import { type DelegationsState, NO_DELEGATIONS } from "./state.ts";

const NOW = "2025-06-04T01:00:00.000Z" as Instant;
const CTO = person("cleo", "CTO");
const DEPUTY = person("dan", "Ops");
const DAN = personId("test", "dan");

class Book {
  state: DelegationsState = NO_DELEGATIONS;
  now = NOW;
  ask(
    actor: Actor,
    body: Parameters<typeof decideDelegation>[2],
    reason: string | undefined = "away",
  ): string {
    const decision = decideDelegation(this.state, { at: this.now, actor, reason }, body);
    if (!decision.ok) return decision.rejection.code;
    const meta = metaOf({ at: this.now, actor, reason });
    for (const event of decision.events) this.state = evolveDelegations(this.state, event, meta);
    return "taken";
  }
  lend(actor: Actor, role: string, to: string, until = plus(this.now, hours(8)), from?: Instant): string {
    return this.ask(actor, { type: "LendRole", role, to, until, ...(from === undefined ? {} : { from }) });
  }
}

const codeOf = (decision: ReturnType<Drive["ask"]>) => (decision.ok ? "taken" : decision.rejection.code);
function told(drive: Drive, book: Book): void {
  const calendar = { freezes: [], windows: [], until: drive.now, lifted: {}, delegations: book.state.open };
  drive.ask({ kind: "clock" } as Actor, { type: "ApplyCalendar", calendar });
}
const approve = (drive: Drive, who: Actor, role = "CTO") =>
  codeOf(drive.ask(who, { type: "Approve", role, plan: drive.state.plan }));

describe("lending a role for every release", () => {
  it("is for who holds it, has an end, and is not passed on", () => {
    const book = new Book();
    expect(book.lend(CTO, "CTO", DAN)).toBe("taken");
    expect(book.state.open).toMatchObject([{ id: "delegation-1", role: "CTO", to: DAN, reason: "away" }]);
    expect(book.lend(DEPUTY, "CTO", personId("test", "eve"))).toBe("delegation.not-your-role");
    expect(book.lend(CTO, "CTO", DAN)).toBe("delegation.twice");
    expect(book.lend(CTO, "CTO", personId("test", "cleo"))).toBe("delegation.to-self");
    expect(book.lend(CTO, "CTO", "psn_x", NOW)).toBe("delegation.over");
    expect(book.lend(CTO, "CTO", "psn_x", plus(NOW, days(91)))).toBe("delegation.too-long");
    expect(book.lend({ kind: "tool", id: "ci", roles: ["CTO"] } as unknown as Actor, "CTO", DAN)).toBe(
      "delegation.not-a-person",
    );
    expect(
      book.ask(CTO, { type: "LendRole", role: "CTO", to: "psn_y", until: plus(NOW, days(1)) }, " "),
    ).toBe("delegation.no-reason");
  });

  it("is withdrawn by who gave or has it, or by Governance; numbers are not used again", () => {
    const book = new Book();
    book.lend(CTO, "CTO", DAN);
    const withdraw = (who: Actor, delegation: string) => book.ask(who, { type: "WithdrawRole", delegation });
    expect(withdraw(person("otto", "Ops"), "delegation-1")).toBe("delegation.not-yours");
    expect(withdraw(DEPUTY, "delegation-1")).toBe("taken");
    expect(withdraw(CTO, "delegation-1")).toBe("delegation.unknown");
    book.lend(CTO, "CTO", DAN);
    expect(book.state.open.map(({ id }) => id)).toEqual(["delegation-2"]);
    expect(withdraw(person("gita", "Governance"), "delegation-2")).toBe("taken");
  });
});

describe("in a release", () => {
  it("signs in the lender's place once it was told, and the record says for whom and by what", () => {
    const [drive, book] = [new Drive(samplePlan(), NOW), new Book()];
    book.lend(CTO, "CTO", DAN);
    expect(approve(drive, DEPUTY)).toBe("approval.not-your-role");
    told(drive, book);
    expect(drive.state.delegations).toMatchObject([{ role: "CTO", to: DAN, everywhere: "delegation-1" }]);
    told(drive, book);
    expect(drive.log.filter(({ event }) => event.type === "RoleDelegated")).toHaveLength(1);
    expect(approve(drive, DEPUTY)).toBe("taken");
    expect(drive.state.approvals.CTO).toMatchObject([{ by: DAN, for: personId("test", "cleo") }]);
  });

  it("never fills two places of a quorum", () => {
    const plan = samplePlan({ approvals: [{ role: "CTO", count: 2 }, { role: "Security" }], checklist: [] });
    const [drive, book] = [new Drive(plan, NOW), new Book()];
    const other = person("carl", "CTO");
    book.lend(CTO, "CTO", DAN);
    book.lend(other, "CTO", DAN);
    book.lend(person("sven", "Security"), "Security", DAN);
    told(drive, book);
    expect(approve(drive, DEPUTY)).toBe("taken");
    expect(approve(drive, DEPUTY)).toBe("approval.already-given");
    expect(approve(drive, CTO)).toBe("approval.counted-twice");
    expect(approve(drive, DEPUTY, "Security")).toBe("approval.counted-twice");
    expect(approve(drive, other)).toBe("taken");
    expect(drive.state.status).toBe("gates");
  });

  it("says nothing for whoever has a part in the plan, and is not ended from there", () => {
    const [drive, book] = [new Drive(samplePlan({ authors: [DAN] }), NOW), new Book()];
    book.lend(CTO, "CTO", DAN);
    book.lend(CTO, "CTO", personId("test", "eve"));
    told(drive, book);
    expect(drive.state.delegations?.map(({ to }) => to)).toEqual([personId("test", "eve")]);
    const ended = drive.ask(CTO, { type: "EndDelegation", role: "CTO" });
    expect(codeOf(ended)).toBe("delegation.everywhere");
  });

  it("ends when it is withdrawn or its time is over; what was signed stands", () => {
    const [drive, book] = [new Drive(samplePlan(), NOW), new Book()];
    book.lend(CTO, "CTO", DAN);
    book.lend(person("sven", "Security"), "Security", personId("test", "eve"), plus(NOW, hours(1)));
    told(drive, book);
    approve(drive, DEPUTY);
    book.ask(CTO, { type: "WithdrawRole", delegation: "delegation-1" });
    told(drive, book);
    expect(drive.state.approvals.CTO).toHaveLength(1);
    expect(drive.state.delegations?.map(({ role }) => role)).toEqual(["Security"]);
    drive.now = plus(NOW, hours(1));
    expect(approve(drive, person("eve", "Ops"), "Security")).toBe("approval.not-your-role");
  });

  it("begins when it says", () => {
    const [drive, book] = [new Drive(samplePlan(), NOW), new Book()];
    book.lend(CTO, "CTO", DAN, plus(NOW, hours(4)), plus(NOW, hours(2)));
    told(drive, book);
    expect(approve(drive, DEPUTY)).toBe("approval.not-your-role");
    drive.now = plus(NOW, hours(2));
    told(drive, book);
    expect(approve(drive, DEPUTY)).toBe("taken");
  });
});
