import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HookSecrets } from "@gonogo/functions/api/hooks-from-secrets";
import { z } from "zod";
import { keepPrivate } from "../kernel/private-file.ts";

/** In the data directory, readable by its owner alone. */
export const SECRETS_FILE = "secrets.json";

/**
 * What alarm systems have to prove themselves with at `POST /hooks/<system>`. Made at the first start, and
 * never printed: who sets up an alarm system looks into `secrets.json` in the data directory.
 *
 * | key            | what for                                                                                |
 * |----------------|-----------------------------------------------------------------------------------------|
 * | `sentry`       | `clientSecrets`: Sentry chooses its own; put the integration's client secret here        |
 * | `grafana`      | `hmac`, and `timestampHeader`, the header of the contact point that carries the time;   |
 * |                | or `tokens` or `passwords` (`name:password`) where nothing can be signed                |
 * | `alertmanager` | `tokens` or `passwords`                                                                 |
 * | `generic`      | `hmac` for X-Gonogo-Signature, `tokens` for a bearer token                               |
 * | `sns`          | `topics`: the ARNs of the topics that may speak. None at first                           |
 *
 * Each is a list, so that an old one and a new one hold while they are being changed. The file is read at the
 * start. Throws when it is there and cannot be read: a secret that was lost must not be made anew unseen.
 */
export function keptHookSecrets(directory: string): HookSecrets {
  const file = join(directory, SECRETS_FILE);
  keepPrivate(file, () => `${JSON.stringify(newSecrets(), null, 2)}\n`);
  return read(file);
}

function read(file: string): HookSecrets {
  const tell = (why: string) =>
    new Error(`${file} cannot be used: ${why}. Put it right, or delete it: new secrets are then made`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // What JSON.parse says quotes the text, which holds secrets.
    throw tell(error instanceof SyntaxError ? "it is not JSON" : "it cannot be opened");
  }
  const result = z.safeParse(HookSecrets, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw tell(`at ${issue?.path.map(String).join(".") || "the top"}: ${issue?.message}`);
}

function newSecrets() {
  const secret = () => randomBytes(32).toString("hex");
  return {
    sentry: { clientSecrets: [secret()] },
    grafana: { hmac: [secret()], timestampHeader: "x-grafana-alerting-timestamp" },
    alertmanager: { tokens: [secret()] },
    generic: { hmac: [secret()], tokens: [secret()] },
    sns: { topics: [] },
  };
}
