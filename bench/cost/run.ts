import { bill, type Line, total } from "./bill.ts";
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
const { alarmMetric, kmsKey, dashboard } = prices.perMonth;
const key = { what: "the key that signs the log", count: 1, dollars: kmsKey };
print("An idle month", [key, ...bill(await idleMonthUsed())]);
console.log(
  `Optional, a month: each metric that an alarm looks at ${alarmMetric} $, the key of their topic ${kmsKey} $,`,
);
console.log(`a dashboard after the third ${dashboard} $.`);
