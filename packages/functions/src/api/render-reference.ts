import { html, raw } from "hono/html";

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses?: Readonly<Record<string, unknown>>;
  readonly "x-gonogo-scope"?: string;
}

/** The API's reference as one page without scripts, made from its OpenAPI document. */
export function renderReference(document: {
  readonly info: { title: string; description?: string };
  readonly paths?: object;
}) {
  const operations = Object.entries(
    (document.paths ?? {}) as Record<string, Record<string, Operation>>,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? "Other"))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? "Other") === tag);
    return html`<section><h2>${tag}</h2>${own.map(renderOperation)}</section>`;
  });
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${document.info.title} API</title></head>
<body><main><h1>${document.info.title} API</h1><p>${document.info.description ?? ""}</p>
<p>For programs: <a href="/openapi.json">openapi.json</a>.</p>${sections}</main></body></html>`;
}

function renderOperation({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}) {
  const { parameters, requestBody, responses } = operation;
  return html`<article><h3><code>${method.toUpperCase()} ${path}</code></h3><p>${operation.summary ?? ""}</p>
${operation.description === undefined ? "" : html`<p>${operation.description}</p>`}
<p>Scope of a key: <code>${operation["x-gonogo-scope"] ?? "none"}</code></p>
${parameters === undefined ? "" : details("Parameters", parameters)}
${requestBody === undefined ? "" : details("Body", requestBody)}
${details("Answers", responses ?? {})}</article>`;
}

function details(title: string, value: unknown) {
  return html`<details><summary>${title}</summary><pre>${JSON.stringify(value, null, 2)}</pre></details>${raw("")}`;
}
