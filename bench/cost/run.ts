import { standingOf } from "../../stacks/standing.ts";
import { bill, type Line, standingBill, total } from "./bill.ts";
import { idleMonthUsed, releaseUsed } from "./measure.ts";
import prices from "./prices.json" with { type: "json" };

const cents = (dollars: number) => `${(dollars * 100).toFixed(4)} ct`;

function print(title: string, lines: readonly Line[]): void {
  console.log(`${title}: ${cents(total(lines))}`);
  for (const { what, count, dollars } of lines) {
    console.log(
      `  ${what.padEnd(24)} ${String(Number(count.toFixed(2))).padStart(10)}  ${cents(dollars).padStart(12)}`,
    );
  }
  console.log();
}

console.log(`List prices of ${prices.region}, ${prices.asOf}, no free tier. Counted on the embedded engine;`);
console.log(`assumed: AWS answers a call in ${prices.assumed.millisecondsPerCall} ms.\n`);
print("The sample release, completed after seven days", bill(await releaseUsed("completed")));
print("The sample release, rolled back at T+17 min", bill(await releaseUsed("rolled-back")));
const idle = bill(await idleMonthUsed());
const bare = { alarms: false, auditKey: "secret", tell: [] } as const;
print("An idle month without the optional parts", [...standingBill(standingOf(bare)), ...idle]);
print("With the key that signs the log in KMS", [
  ...standingBill(standingOf({ ...bare, auditKey: "kms" })),
  ...idle,
]);
const all = { alarms: true, auditKey: "kms", tell: ["on-call@example.com"] } as const;
print("With gonogo's own alarms, and somebody told, as well", [...standingBill(standingOf(all)), ...idle]);
console.log(
  `A dashboard comes with the alarms: ${prices.perMonth.dashboard} $ where the account has three already.`,
);
