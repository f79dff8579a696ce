import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test, vi } from "vitest";

const BUDGET = JSON.parse(
  readFileSync(new URL("../../../bench/page.budget.json", import.meta.url), "utf8"),
) as { scriptKb: number; styleKb: number };

test("the page stays within its budget, and asks no other host for anything", async () => {
  vi.stubEnv("NODE_ENV", "production");
  const root = fileURLToPath(new URL("..", import.meta.url));
  const built = await build({ root, logLevel: "silent", build: { write: false } });
  const output = Array.isArray(built)
    ? built.flatMap((one) => one.output)
    : "output" in built
      ? built.output
      : [];
  vi.unstubAllEnvs();
  const weight = (ending: string) =>
    output
      .filter(({ fileName }) => fileName.endsWith(ending))
      .map((file) => gzipSync(file.type === "chunk" ? file.code : file.source, { level: 9 }).length)
      .reduce((sum, bytes) => sum + bytes, 0) / 1000;
  expect(weight(".js")).toBeGreaterThan(0);
  expect(weight(".js")).toBeLessThan(BUDGET.scriptKb);
  expect(weight(".css")).toBeLessThan(BUDGET.styleKb);
  const html = output.find(({ fileName }) => fileName === "index.html");
  const text = html?.type === "asset" ? String(html.source) : "";
  expect(text).toContain("require-trusted-types-for");
  expect(text).not.toMatch(/(?:src|href)="https?:/);
});
