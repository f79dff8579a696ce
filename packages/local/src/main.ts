import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startServer } from "./server/server.ts";

const HELP = `gonogo on this machine: the control plane, its page, and a sample world to break.

  npm start -- [options]

  --port <n>        the page and the API; 4650 unless told. The AWS APIs are on the port after it.
  --directory <d>   where everything is kept; .gonogo unless told
  --speed <n>       times the pace of the wall clock; 60 with the sample, 1 without
  --policy <file>   a policy in YAML, put in force at once; without it the one that was stays
  --no-sample       no sample world: an empty control plane
  --help

GONOGO_DYNAMODB_ENDPOINT is the address of another DynamoDB than the one that comes along.
`;

const OPTIONS = {
  options: {
    port: { type: "string", default: "4650" },
    directory: { type: "string", default: ".gonogo" },
    speed: { type: "string" },
    policy: { type: "string" },
    sample: { type: "boolean", default: true },
    help: { type: "boolean", default: false },
  },
  allowNegative: true,
} as const;

try {
  const { values } = parseArgs(OPTIONS);
  if (values.help) process.stdout.write(HELP);
  else await run(values);
} catch (error) {
  process.stderr.write(`gonogo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function run(values: ReturnType<typeof parseArgs<typeof OPTIONS>>["values"]): Promise<void> {
  const port = wholeNumber("--port", values.port, 0, 65_534);
  const endpoint = process.env.GONOGO_DYNAMODB_ENDPOINT;
  const server = await startServer({
    directory: values.directory,
    port,
    sample: values.sample,
    ...(values.speed === undefined ? {} : { speed: pace(values.speed) }),
    ...(values.policy === undefined
      ? {}
      : { policy: { text: readFileSync(values.policy, "utf8"), file: values.policy } }),
    ...(endpoint === undefined ? {} : { dynamodbEndpoint: endpoint }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void server.stop().finally(() => process.exit(0)));
  }
  // From the beginning of the process: loading the code is most of what one waits for.
  const seconds = (performance.now() / 1000).toFixed(1);
  const release = server.sample?.state().release;
  process.stdout.write(
    [
      `gonogo is ready (${seconds} s):  ${server.address}`,
      ...(release === undefined
        ? []
        : [`the sample release:        ${server.address}/#/releases/${release}`]),
      `the API's reference:       ${server.address}/docs`,
      `AWS APIs of the engine:    ${server.awsAddress}  (aws --endpoint-url …)`,
      `everything is kept in ${values.directory}; stop with Ctrl+C, and it goes on where it was.`,
      "",
    ].join("\n"),
  );
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} is a whole number from ${least} to ${most}, not "${text}"`);
}

function pace(text: string): number {
  const value = Number(text);
  if (value >= 0.1 && value <= 3_600) return value;
  throw new Error(`--speed is a number from 0.1 to 3600, not "${text}"`);
}
