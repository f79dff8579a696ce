import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { FUNCTIONS } from "@gonogo/functions/deployment";
import { PLATFORM, ROOT } from "./platform.ts";
import { answer, drawn, PLACE } from "./provider.ts";

/** A resource as it was registered: with everything that AWS would be told. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** With what AWS adds. */
  readonly state: Readonly<Record<string, unknown>>;
}

export interface Graph {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The folder of each function's code, by the name of its component. */
  readonly bundles: Readonly<Record<string, string>>;
  readonly app: {
    readonly name: string;
    readonly removal: string;
    readonly protect: boolean;
    readonly providers: object;
  };
}

interface Pulumi {
  readonly runtime: {
    setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>;
    waitForRPCs(): Promise<void>;
  };
  readonly output: (value: unknown) => { apply(use: (value: unknown) => void): unknown };
}

/**
 * Runs sst.config.ts with SST's own components, without AWS: each resource is registered with a provider that
 * only writes it down. Once a process, for Pulumi knows one program. `declared` stands in place of the
 * account's gonogo.targets.json.
 */
export async function collect(declared: object): Promise<Graph> {
  const load = createRequire(`${PLATFORM}/package.json`);
  const pulumi = load("@pulumi/pulumi") as Pulumi & Record<string, unknown>;
  const resources: Resource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }: Omit<Resource, "state">) => {
        const plain = unwrapped(inputs) as Resource["inputs"];
        const state = { ...plain, ...drawn(type, name, plain) };
        resources.push({ type, name, inputs: plain, state });
        return { id: `${name}-id`, state: { name, ...state } };
      },
      call: ({ token, inputs }: { token: string; inputs: Resource["inputs"] }) => answer(token, inputs),
    },
    "gonogo",
    PLACE.stage,
    false,
  );
  const { server, bundles } = await sstServer();
  const root = project(declared);
  try {
    await setGlobals(pulumi, load, root);
    const { default: config } = (await import(pathToFileURL(`${ROOT}sst.config.ts`).href)) as {
      default: {
        app(input: { stage: string }): Graph["app"];
        run(): Promise<Record<string, unknown>>;
      };
    };
    const app = config.app({ stage: PLACE.stage });
    const outputs = await resolved(pulumi, await config.run());
    for (let before = -1; before !== resources.length; ) {
      before = resources.length;
      await wait(300);
      await pulumi.runtime.waitForRPCs();
    }
    return { resources, outputs, bundles, app };
  } finally {
    server.close();
    rmSync(root, { recursive: true });
  }
}

/** A folder as the stacks find theirs: the page, the machines, the functions' bundles, the declaration. */
function project(declared: object): string {
  const root = mkdtempSync(join(tmpdir(), "gonogo-stacks-"));
  writeFileSync(join(root, "gonogo.targets.json"), JSON.stringify(declared));
  const functions = join(root, "packages/functions");
  mkdirSync(functions, { recursive: true });
  symlinkSync(join(ROOT, "packages/web"), join(root, "packages/web"));
  symlinkSync(join(ROOT, "packages/functions/workflows"), join(functions, "workflows"));
  // The bundles themselves are measured and run elsewhere; here it matters where they are looked for.
  for (const name of Object.keys(FUNCTIONS)) {
    mkdirSync(join(functions, "dist", name), { recursive: true });
    writeFileSync(join(functions, "dist", name, "index.mjs"), "export const handler = async () => {};\n");
  }
  return root;
}

/** The globals that SST gives to a program; of its components those that the stacks use. */
async function setGlobals(
  pulumi: Record<string, unknown>,
  load: NodeJS.Require,
  root: string,
): Promise<void> {
  const { stage } = PLACE;
  const globals = globalThis as unknown as Record<string, unknown>;
  Object.assign(globals, {
    $app: { name: "gonogo", stage, removal: "retain", protect: true, providers: {} },
    $dev: false,
    $cli: {
      command: "deploy",
      paths: { home: root, root, work: join(root, ".sst"), platform: PLATFORM },
      state: { version: {} },
    },
    $util: pulumi,
    $output: pulumi.output,
    $resolve: pulumi.all,
    $interpolate: pulumi.interpolate,
    $jsonStringify: pulumi.jsonStringify,
    $config: (config: unknown) => config,
    aws: load("@pulumi/aws"),
  });
  const component = async (path: string) =>
    (await import(pathToFileURL(`${PLATFORM}/src/components/${path}.ts`).href)) as Record<string, unknown>;
  const parts = ["aws/function", "aws/dynamo", "aws/bus", "aws/apigatewayv2"].map(component);
  const [{ Secret }, { $asset }, ...aws] = await Promise.all([
    component("secret"),
    component("component"),
    ...parts,
  ]);
  Object.assign(globals, { $asset, sst: { Secret, aws: Object.assign({}, ...aws) } });
}

/** SST's own process, as far as components ask it: where code is put, and what is in it. */
async function sstServer() {
  const bundles: Record<string, string> = {};
  const results: Record<string, (input: BuildInput) => object> = {
    "Provider.Aws.Bootstrap": () => ({ asset: "sst-asset", state: "sst-state" }),
    "Runtime.Build": ({ functionID, handler, bundle }) => {
      bundles[functionID] = bundle;
      return { handler, out: bundle, errors: [], sourcemaps: [] };
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, params } = JSON.parse(Buffer.concat(chunks).toString()) as {
        method: string;
        params: [BuildInput];
      };
      const result = results[method];
      response.end(
        JSON.stringify(
          result === undefined ? { error: `rpc: can't find ${method}` } : { result: result(params[0]) },
        ),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  process.env.SST_SERVER = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, bundles };
}

interface BuildInput {
  readonly functionID: string;
  readonly handler: string;
  readonly bundle: string;
}

async function resolved(pulumi: Pulumi, values: Record<string, unknown>): Promise<Record<string, unknown>> {
  return await new Promise((done) => {
    pulumi.output(values).apply((plain) => done(plain as Record<string, unknown>));
  });
}

/** Pulumi marks secrets by wrapping them. */
const SECRET = "4dabf18193072939515e22adb298388d";

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET in value) return "value" in value ? unwrapped(value.value) : undefined;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unwrapped(one)]));
}
