import { api } from "./api.ts";
import { audit } from "./audit.ts";
import { bundle } from "./bundle.ts";
import { type Measured, machine } from "./kit.ts";
import { page } from "./page.ts";
import { ready } from "./ready.ts";
import { scale } from "./scale.ts";
import { simulations } from "./simulate.ts";

const quick = process.argv.includes("--quick");
const parts: Record<string, () => Promise<Measured[]> | Measured[]> = {
  audit,
  bundle: () => bundle(quick ? 20 : 200),
  ready,
  page,
  simulate: simulations,
  api: () => api(200, quick ? 5 : 20),
  scale: () => (quick ? scale(50, 200, 20) : scale(1_000, 10_000, 100)),
};
const only = process.argv.slice(2).filter((name) => name in parts);

process.stdout.write(`${machine()}\n\n`);
for (const [name, part] of Object.entries(parts)) {
  if (only.length > 0 && !only.includes(name)) continue;
  for (const { what, value, beside } of await part()) {
    process.stdout.write(
      `${what.padEnd(62)} ${value.padStart(18)}${beside === undefined ? "" : `   ${beside}`}\n`,
    );
  }
}
