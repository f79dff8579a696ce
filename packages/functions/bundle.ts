import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";
import { FUNCTIONS, type FunctionName } from "./src/deployment.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Where the bundles go that are deployed: `<name>/index.mjs` with its source map, exporting `handler`. */
export const BUNDLES = join(HERE, "dist");

/** One function's code, minified, as it goes to Lambda. */
export interface Bundle {
  readonly name: FunctionName;
  /** Of all its JavaScript, source maps aside. */
  readonly bytes: number;
  /** Of what a cold start loads; the rest is loaded when it is asked for. */
  readonly bytesAtStart: number;
  /** Bytes in the bundle by the package they come from, before minification; the largest first. */
  readonly packages: readonly (readonly [name: string, bytes: number])[];
}

/** What stands in the place of packages of which Lambda needs nothing, or has its own; each says why. */
const IN_PLACE: Readonly<Record<string, string>> = {
  "@aws-sdk/credential-provider-node": "credentials.ts",
  "@aws-sdk/endpoint-cache": "endpoint-cache.ts",
  "@smithy/core/event-streams": "event-streams.ts",
  "@noble/hashes/sha2.js": "hashes.ts",
  "@noble/hashes/utils.js": "hashes.ts",
};

/**
 * Bundles a function; written to a directory of its own, emptied before, where one is given. What a function on
 * Lambda never uses is left out: IN_PLACE, zod's messages in languages other than English, and what zod can do
 * besides checking.
 */
export async function bundle(name: FunctionName, directory?: string): Promise<Bundle> {
  const bundled = await rolldown({
    input: { index: join(HERE, `src/entry/${name}.ts`) },
    platform: "node",
    resolve: {
      mainFields: ["module", "main"],
      alias: Object.fromEntries(
        Object.entries(IN_PLACE).map(([from, file]) => [from, join(HERE, "src/entry/in-place", file)]),
      ),
    },
    plugins: [englishOnly, checkingOnly(name)],
    onLog: (level, log, report) => {
      if (level === "warn") throw new Error(`${name}: ${log.message}`);
      report(level, log);
    },
  });
  try {
    const output = {
      format: "esm",
      minify: true,
      comments: false,
      sourcemap: true,
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name]-[hash].mjs",
    } as const;
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    const written =
      directory === undefined
        ? await bundled.generate(output)
        : await bundled.write({ ...output, dir: directory });
    const chunks = written.output.filter((one) => one.type === "chunk");
    return {
      name,
      bytes: bytesOf(chunks),
      bytesAtStart: bytesOf(chunks.filter(isAtStart(chunks))),
      packages: packagesOf(chunks),
    };
  } finally {
    await bundled.close();
  }
}

/** Bundles every function, each to a directory of its own below `directory`. */
export async function bundleAll(directory = BUNDLES): Promise<Bundle[]> {
  const bundles: Bundle[] = [];
  for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
    bundles.push(await bundle(name, join(directory, name)));
  }
  return bundles;
}

const englishOnly: Plugin = {
  name: "english-only",
  load: {
    filter: { id: /\/zod\/v4\/locales\/index\.js$/ },
    handler: () => 'export { default as en } from "./en.js";',
  },
};

/** zod makes JSON Schemas for the API alone, and compiles none and reads none for anybody. */
function checkingOnly(name: FunctionName): Plugin {
  const files = name === "api" ? FOR_NOBODY : `${FOR_NOBODY}|${FOR_THE_API}`;
  return {
    name: "checking-only",
    load: {
      filter: { id: new RegExp(`/zod/v4/(${files})\\.js$`) },
      handler: (id) => {
        const exported = readFileSync(id, "utf8").matchAll(/^export (?:const|function|class) (\w+)/gm);
        const why = JSON.stringify(`zod's ${id.split("/").at(-1)} is left out of ${name}: see bundle.ts`);
        const absent = `const absent = () => () => { throw new Error(${why}); };`;
        return [
          absent,
          ...[...exported].map(([, one]) => `export const ${one} = absent;`),
          OWN_NAMES[id.split("/").at(-1) ?? ""] ?? "",
        ].join("\n");
      },
    },
  };
}

const FOR_NOBODY = "core/compile|classic/from-json-schema";
const FOR_THE_API = "core/json-schema-processors|core/to-json-schema";
/** Names that are exported under another than they have. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  "to-json-schema.js": "export { processSchema as process };",
};

function bytesOf(chunks: readonly OutputChunk[]): number {
  return chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
}

/** Whether a chunk is the entry or imported by it, at whatever remove, other than by `import()`. */
function isAtStart(chunks: readonly OutputChunk[]): (chunk: OutputChunk) => boolean {
  const found = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // A set goes on to what is added to it on the way.
  for (const name of found) {
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) found.add(next);
  }
  return ({ fileName }) => found.has(fileName);
}

function packagesOf(chunks: readonly OutputChunk[]): Bundle["packages"] {
  const sizes = new Map<string, number>();
  for (const { modules } of chunks) {
    for (const [id, { renderedLength }] of Object.entries(modules)) {
      const name = packageOf(id);
      sizes.set(name, (sizes.get(name) ?? 0) + renderedLength);
    }
  }
  return [...sizes].toSorted(([, a], [, b]) => b - a);
}

/** `@scope/name` or `name` of a module in node_modules, and `packages/name` of one of ours. */
function packageOf(id: string): string {
  return (
    /.*\/node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(id)?.[1] ??
    /\/(packages\/[^/]+)\//.exec(id)?.[1] ??
    "other"
  );
}

if (import.meta.main) {
  for (const { name, bytes } of await bundleAll()) console.log(`${name}: ${Math.ceil(bytes / 1000)} KB`);
}
