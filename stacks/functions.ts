import { existsSync } from "node:fs";
import { FUNCTIONS, type FunctionName, RULES, SCHEDULES, STORE } from "@gonogo/functions/deployment";
import { secretsOf } from "@gonogo/functions/entry/needs";
import type { Secret } from "@gonogo/functions/entry/secrets";
import { NO_KEY } from "@gonogo/functions/entry/settings";
import type { AuditKeys } from "./audit-key.ts";
import { filesOf } from "./beside.ts";
import { environmentOf } from "./environment.ts";
import { nameIn, roleName } from "./names.ts";
import { callsOf, serviceOf } from "./permissions.ts";
import type { Here } from "./place.ts";
import type { Secrets } from "./secrets.ts";

/** One function for each of FUNCTIONS, each with a role of its own. */
export function functions(given: Here, secrets: Secrets, auditKeys: AuditKeys) {
  return Object.fromEntries(
    (Object.keys(FUNCTIONS) as FunctionName[]).map((name) => [
      name,
      oneFunction(name, given, secrets, auditKeys),
    ]),
  ) as Record<FunctionName, sst.aws.Function>;
}

/** Those that nobody waits for: what they could not do in three tries is put away for a person to look at. */
export function isLater(name: FunctionName): boolean {
  const targets = [...Object.values(RULES), ...Object.values(SCHEDULES)].map(({ target }) => target);
  return name === "visit" || name === "stand-by" || targets.includes(name);
}

function oneFunction(
  name: FunctionName,
  given: Here,
  secrets: Secrets,
  auditKeys: AuditKeys,
): sst.aws.Function {
  const { stage, at, declared } = given;
  const { about, timeoutSeconds } = FUNCTIONS[name];
  const how = { isLater: isLater(name), readsStream: name === STORE.streamTo };
  const statements = [...callsOf(name, at, declared), ...serviceOf(name, at, how)];
  const keysOwn = [auditKeys.now, auditKeys.before].map((key) => [key?.name, key?.arn] as const);
  return new sst.aws.Function(componentName(name), {
    name: nameIn(stage, name),
    description: about,
    bundle: bundleOf(name),
    handler: "index.handler",
    runtime: "nodejs24.x",
    architecture: "arm64",
    memory: "512 MB",
    timeout: `${timeoutSeconds} seconds`,
    logging: { retention: "3 months", format: "json" },
    copyFiles: filesOf(name, declared),
    environment: environment(name, given, secrets, auditKeys),
    permissions: statements.map(({ actions, resources }) => ({
      actions: [...actions],
      // A policy has to name the key itself, whose ARN is drawn.
      resources: resources.map((one) => keysOwn.find(([alias]) => alias === one)?.[1] ?? one),
    })),
    ...(how.isLater ? { retries: 2 } : {}),
    transform: {
      function: (args) => {
        // Lambda's own lines of each invocation cost more than its time, and its metrics say the same.
        args.loggingConfig = $resolve([args.loggingConfig]).apply(([config]) => ({
          ...config,
          logFormat: "JSON",
          systemLogLevel: "WARN",
        }));
      },
      role: (args) => {
        args.name = roleName(stage, name, at.region);
        // AWS's own policy for logs is for every log group there is; serviceOf names this one's.
        args.managedPolicyArns = [];
      },
      eventInvokeConfig: (args) => {
        args.destinationConfig = { onFailure: { destination: at.deadLetters } };
      },
    },
  });
}

/** What packages/functions/bundle.ts made: minified, with its source map, of the size that the budget knows. */
function bundleOf(name: FunctionName): string {
  const folder = `${$cli.paths.root}/packages/functions/dist/${name}`;
  if (existsSync(`${folder}/index.mjs`)) return folder;
  throw new Error(
    `packages/functions/dist/${name} is not there: make the functions first, with npm run bundle`,
  );
}

/** A secret that is not set is left out, as the functions expect it; and so is a key that nothing is signed with. */
function environment(
  name: FunctionName,
  { stage, at, declared }: Here,
  secrets: Secrets,
  auditKeys: AuditKeys,
) {
  const wanted = secretsOf(name).filter((one) => {
    if (one === "GONOGO_AUDIT_SIGNING_KEY") return declared.auditKey === "secret";
    return one !== "GONOGO_AUDIT_SIGNING_KEY_BEFORE" || declared.auditKeyBefore === "secret";
  });
  const { now, before } = auditKeys;
  const all = [now.name, before?.name ?? NO_KEY, ...wanted.map((one) => secrets[one])];
  return $resolve(all).apply(([auditKey = "", auditKeyBefore = NO_KEY, ...values]) => {
    const open = {
      ...environmentOf(name, stage, at, {
        targets: declared.targets,
        auditKey,
        auditKeyBefore,
        auditCopies: declared.auditCopies,
        sigstoreRoot: declared.sigstoreRoot,
      }),
      NODE_OPTIONS: "--enable-source-maps",
    };
    const set = wanted.flatMap((one, index): [Secret, string][] =>
      values[index] ? [[one, values[index]]] : [],
    );
    return { ...open, ...Object.fromEntries(set) };
  });
}

/** `what-goes-back` is WhatGoesBack: SST's names have no hyphens. */
export function componentName(name: string): string {
  return name
    .split("-")
    .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
    .join("");
}
