import { identifyBy } from "@gonogo/adapters/identity/index";
import { createApi } from "@gonogo/functions/api/app";
import { beforeAll, describe, expect, it } from "vitest";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: object }[];
  readonly requestBody?: { required?: boolean; content?: Record<string, { schema?: object }> };
  readonly responses?: Record<string, { description?: string; content?: Record<string, unknown> }>;
}

interface Reference {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

let api: VirtualApi;
let reference: Reference;
let operations: { name: string; path: string; method: string; operation: Operation }[];
beforeAll(async () => {
  api = await virtualApi();
  reference = (await api.ask("GET", "/openapi.json")).json as unknown as Reference;
  operations = Object.entries(reference.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method} ${path}`,
      path,
      method,
      operation,
    })),
  );
});

describe("the OpenAPI document", () => {
  it("is of version 3.1 and names itself", () => {
    expect(reference.openapi).toMatch(/^3\.1\./);
    expect(reference.info).toMatchObject({ title: "gonogo", version: expect.stringMatching(/\S/) });
  });

  it("has every route there is under /v1 and /hooks, and the metrics", () => {
    const served = createApi(api.simulation.control.runtime, { identify: identifyBy([]), hooks: {} })
      .routes.filter(({ method, path }) => method !== "ALL" && /^\/(v1\/|hooks\/|metrics$)/.test(path))
      .map(
        ({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}")}`,
      );
    expect(served.length).toBeGreaterThan(30);
    expect(operations.map(({ name }) => name).toSorted()).toEqual([...new Set(served)].toSorted());
  });

  it("says of every route what it does, and how it says yes and no", () => {
    for (const { name, operation } of operations) {
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/^[A-Z].{5,}/)]);
      expect([name, operation.tags]).toEqual([name, [expect.any(String)]]);
      const codes = Object.keys(operation.responses ?? {});
      expect([name, codes.some((code) => code.startsWith("2"))]).toEqual([name, true]);
      expect([name, operation.responses?.default?.content]).toEqual([
        name,
        { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      ]);
      for (const response of Object.values(operation.responses ?? {}))
        expect([name, response.description]).toEqual([name, expect.stringMatching(/\S/)]);
    }
  });

  it("lists every parameter that is in a path", () => {
    for (const { name, path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const listed = (operation.parameters ?? []).filter((one) => one.in === "path");
      expect([name, listed.map((one) => one.name)]).toEqual([name, inPath]);
      for (const parameter of operation.parameters ?? []) {
        if (parameter.in === "path") expect([name, parameter.required]).toEqual([name, true]);
        expect([name, parameter.name, parameter.schema]).toEqual([name, parameter.name, expect.any(Object)]);
      }
    }
  });

  it("lists the idempotency key, required, for every write", () => {
    // To ask what would come of it, or where a file may be uploaded, changes nothing.
    const writes = operations.filter(
      ({ path, method }) => method === "post" && /releases(?!.*(?:preview|evidence)$)/.test(path),
    );
    expect(writes.map(({ path }) => path)).toEqual([
      "/v1/releases",
      "/v1/releases/{id}/commands",
      "/v1/releases/{id}/revisions",
      "/v1/releases/{id}/obligations/{obligation}/complete",
    ]);
    for (const { operation } of writes) {
      const key = operation.parameters?.find((one) => one.name === "idempotency-key");
      expect(key).toMatchObject({ in: "header", required: true });
    }
  });

  it("lists the headers by which reading and writing are made conditional", () => {
    const headers = (path: string, method: string) =>
      (reference.paths[path]?.[method]?.parameters ?? []).filter((one) => one.in === "header");
    expect(headers("/v1/releases/{id}", "get").map(({ name }) => name)).toContain("if-none-match");
    expect(headers("/v1/releases/{id}/commands", "post").map(({ name }) => name)).toContain("if-match");
  });

  it("gives the form of every body, and refers to nothing that is not there", () => {
    for (const { name, operation } of operations) {
      if (operation.requestBody === undefined) continue;
      expect([name, operation.requestBody]).toMatchObject([
        name,
        { required: true, content: { "application/json": { schema: expect.any(Object) } } },
      ]);
    }
    const text = JSON.stringify(reference);
    for (const [, schema = ""] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(reference.components.schemas).toHaveProperty([schema]);
    expect(text.match(/"\$ref":"(?!#\/components\/schemas\/)/g)).toBeNull();
    expect(text).not.toContain('"nullable"');
  });
});

describe("the page at /docs", () => {
  it("has every route, and no script", async () => {
    const { status, text } = await api.ask("GET", "/docs");
    expect(status).toBe(200);
    expect(text).toMatch(/^<!doctype html>/);
    for (const { path, method } of operations)
      expect(text).toContain(`${method.toUpperCase()} ${path}</code>`);
    expect(text).not.toMatch(/<script|javascript:|<[^>]*\son\w+=/i);
    expect(text.match(/<article>/g)).toHaveLength(operations.length);
    for (const tag of ["section", "article", "details", "pre", "h2", "main"])
      expect(text.split(`<${tag}>`).length).toBe(text.split(`</${tag}>`).length);
  });
});
