import { no, unknown, yes } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { messageOf } from "@gonogo/core/kit/text";
import { findComponent } from "@gonogo/core/plan/graph";
import type { Target } from "@gonogo/core/target/schema";
import { type Allowed, callAllowed, headersFor, mustBeAllowed, NotAllowed } from "../http/allowed.ts";
import { OutsideError, whyUnreachable } from "../http/call.ts";
import { shown } from "../http/guard.ts";
import { digestOfStream, TooLarge } from "./bytes.ts";
import { whyNotKeyless } from "./keyless.ts";
import { whyNotAttested } from "./sigstore.ts";
import { readTrustedRoot } from "./trusted-root.ts";

type Probe = ProbeOf<"artifact">;

export interface ArtifactConfig {
  readonly outbound: Allowed;
  readonly codeOf: (target: Target, version: string) => Promise<string | undefined>;
  /** The file of Sigstore's trusted root; unset: nothing that was signed without a key is believed. */
  readonly trustedRoot?: string;
}

/** Of a whole download. */
const TIMEOUT_MS = 20_000;

/** Whether what will run is what was built: its SHA-256, and where the plan asks for it, its signature. */
export class ArtifactCheck implements CheckProbe<Probe> {
  readonly #config: ArtifactConfig;

  constructor(config: ArtifactConfig) {
    this.#config = config;
  }

  async look(request: LookRequest<Probe>): Promise<Look> {
    const { source, sha256, signature } = request.probe;
    const from = source.kind === "lambda" ? `Lambda, ${source.component}` : shown(source.url);
    try {
      const found = await this.#digest(request, from);
      if (!("sha256" in found)) return found;
      const digest = `sha256:${found.sha256}`;
      if (found.sha256 !== sha256) {
        return no(from, `its SHA-256 is ${short(found.sha256)}, not ${short(sha256)}`, { digest });
      }
      if (signature === undefined) return yes(from, `its SHA-256 is ${short(sha256)}`, { digest });
      if (signature.kind === "ecdsa") {
        return found.isSigned
          ? yes(from, `its SHA-256 is ${short(sha256)}, and the key has signed it`, { digest })
          : no(from, "the signature is not by that key, or not of these bytes", { digest });
      }
      const { json } = await callAllowed(this.#config.outbound, signature.bundle);
      if (signature.kind === "keyless") return await this.#keyless(signature, { json, sha256, from, digest });
      const why = whyNotAttested(json, signature.publicKey, sha256);
      return why === undefined
        ? yes(from, `its SHA-256 is ${short(sha256)}, and the key has attested to it`, { digest })
        : no(from, why, { digest });
    } catch (error) {
      if (error instanceof NotAllowed || error instanceof OutsideError) return unknown(from, error.message);
      if (error instanceof TooLarge) return unknown(from, "it is larger than 512 MB");
      return unknown(from, messageOf(error).slice(0, 300));
    }
  }

  async #keyless(
    { identity, issuer }: Extract<Probe["signature"], { kind: "keyless" }>,
    { json, sha256, from, digest }: { json: unknown; sha256: string; from: string; digest: string },
  ): Promise<Look> {
    const { trustedRoot } = this.#config;
    if (trustedRoot === undefined) {
      return unknown(
        from,
        "this deployment has no trusted root of Sigstore; GONOGO_SIGSTORE_ROOT names its file",
      );
    }
    const why = whyNotKeyless(json, await readTrustedRoot(trustedRoot), { identity, issuer }, sha256);
    return why === undefined
      ? yes(
          from,
          `its SHA-256 is ${short(sha256)}, and ${identity} has attested to it, as ${issuer} vouches`,
          { digest },
        )
      : no(from, why, { digest });
  }

  async #digest(
    { probe, plan }: LookRequest<Probe>,
    from: string,
  ): Promise<{ readonly sha256: string; readonly isSigned: boolean } | Look> {
    const { source, signature } = probe;
    if (source.kind === "lambda") {
      const target = findComponent(plan, source.component)?.target;
      if (target?.kind !== "lambda-alias") return unknown(from, `${source.component} is no Lambda function`);
      if (signature?.kind === "ecdsa") {
        return unknown(
          from,
          "Lambda gives no bytes to verify a plain signature of; use a Sigstore attestation",
        );
      }
      const digest = await this.#config.codeOf(target, target.version);
      if (digest === undefined) return no(from, `there is no version ${target.version}`);
      return { sha256: digest, isSigned: false };
    }
    return await this.#download(source.url, signature);
  }

  async #download(url: string, signature: Probe["signature"]) {
    const { outbound } = this.#config;
    await mustBeAllowed(outbound, url);
    let signed: { publicKey: string; signature: Buffer } | undefined;
    if (signature?.kind === "ecdsa") {
      const { text, status } = await callAllowed(outbound, signature.signature);
      if (status !== 200) throw new OutsideError(`the signature answered ${status}`, { retryable: true });
      signed = { publicKey: signature.publicKey, signature: Buffer.from(text.trim(), "base64") };
    }
    const what = shown(url);
    let response: Response;
    try {
      response = await outbound.fetch(url, {
        redirect: "manual",
        headers: headersFor(outbound, url),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new OutsideError(`${what}: ${whyUnreachable(error, TIMEOUT_MS)}`, { retryable: true });
    }
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      throw new OutsideError(`${what} answered ${response.status}`, { retryable: true });
    }
    return await digestOfStream(response.body, signed);
  }
}

function short(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
