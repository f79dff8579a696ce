import { describe, expect, it } from "vitest";
import { planJsonSchema, planReferenceMarkdown } from "./json-schema.ts";
import { Plan } from "./schema.ts";
import { fieldsOf } from "./shape.ts";

describe("the JSON Schema", () => {
  const schema = planJsonSchema() as {
    $schema: string;
    required: string[];
    properties: Record<string, { type?: string; items?: unknown; description?: string }>;
  };

  it("is about what a person writes: nothing with a default is required", () => {
    expect(schema.$schema).toContain("2020-12");
    expect(schema.required.toSorted()).toEqual(["components", "gonogo", "id", "start", "steps", "title"]);
    expect(Object.keys(schema.properties)).toEqual(Object.keys(fieldsOf(Plan) ?? {}));
  });

  it("has a meaning for every field of a plan", () => {
    const silent = Object.entries(schema.properties).filter(
      ([, { description }]) => description === undefined,
    );
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it("can be sent as JSON", () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});

describe("the plan reference", () => {
  const text = planReferenceMarkdown();

  it("has a row for every field, with its type and default", () => {
    for (const name of Object.keys(fieldsOf(Plan) ?? {})) expect(text).toContain(`| \`${name}\` |`);
    expect(text).toContain("| `watch` | duration | required | The monitoring window after the shift. |");
    expect(text).toContain("| `maxDuration` | duration | `14d` |");
  });

  it("has no field without a meaning", () => {
    const silent = text.split("\n").filter((line) => /^\| `.*\| {1,2}\|$/.test(line));
    expect(silent).toEqual([]);
  });

  it("links to headings that are there", () => {
    const anchors = new Set(
      [...text.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/g, "")
          .replaceAll(" ", "-"),
      ),
    );
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(15);
    expect(links.filter((anchor) => !anchors.has(anchor ?? ""))).toEqual([]);
  });
});
