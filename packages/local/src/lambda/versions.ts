import type { Kernel } from "../kernel/kernel.ts";
import type { Definitions } from "./define.ts";
import { codeSha256, describeLatest, describeVersion, inList } from "./describe.ts";
import { conflict, invalidParameter, revisionMismatch } from "./errors.ts";
import { LATEST, type VersionRecord } from "./model.ts";
import { isVersion, parseUnqualified } from "./names.ts";
import { type PageInput, page } from "./paging.ts";
import type { LambdaTables } from "./tables.ts";

export interface PublishInput {
  readonly FunctionName: string;
  readonly CodeSha256?: string;
  readonly Description?: string;
  readonly RevisionId?: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html and its neighbours */
export class Versions {
  #kernel: Kernel;
  #tables: LambdaTables;
  #definitions: Definitions;

  constructor(kernel: Kernel, tables: LambdaTables, definitions: Definitions) {
    this.#kernel = kernel;
    this.#tables = tables;
    this.#definitions = definitions;
  }

  /**
   * AWS publishes nothing new where code and configuration have not changed since the last version. Here the
   * code is a function of the version number (`define`), so each version is a change, and one is made.
   */
  publish(input: PublishInput) {
    const name = parseUnqualified(input.FunctionName);
    const record = this.#tables.get(name);
    if (input.RevisionId !== undefined && input.RevisionId !== record.revisionId) throw revisionMismatch();
    const sha = codeSha256(name, LATEST);
    if (input.CodeSha256 !== undefined && input.CodeSha256 !== sha) {
      throw invalidParameter(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${sha}). ` +
          "Please try again with the CodeSHA256 in $LATEST.",
      );
    }
    const version: VersionRecord = {
      functionName: name,
      version: String(record.lastVersion + 1),
      config: { ...record.config, description: input.Description ?? record.config.description },
      revisionId: this.#kernel.random.uuid(),
      publishedAt: this.#kernel.clock.now(),
    };
    this.#kernel.store.transaction(() => {
      this.#tables.putVersion(version);
      // Recorded: publishing gives $LATEST a new revision too.
      const revisionId = this.#kernel.random.uuid();
      this.#tables.functions.set(name, { ...record, revisionId, lastVersion: record.lastVersion + 1 });
    });
    return describeVersion(version, this.#definitions.timeoutSeconds(name));
  }

  list(input: PageInput & { readonly FunctionName: string }) {
    const name = parseUnqualified(input.FunctionName);
    const record = this.#tables.get(name);
    const timeout = this.#definitions.timeoutSeconds(name);
    const published = this.#tables.versionsOf(name).map((version) => describeVersion(version, timeout));
    const all = [describeLatest(record, timeout, LATEST), ...published].map(inList);
    const { items, ...rest } = page(all, (each) => each.Version.padStart(10), input);
    return { Versions: items, ...rest };
  }

  /** Deleting a version that is not there succeeds (recorded). */
  delete(name: string, version: string): void {
    if (version === LATEST) {
      throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
    }
    if (!isVersion(version)) {
      throw invalidParameter("Deletion of aliases is not currently supported.");
    }
    const pointing = this.#tables
      .aliasesOf(name)
      .filter((alias) => alias.version === version || alias.additional?.version === version);
    if (pointing.length > 0) {
      const names = pointing.map((alias) => alias.name).join(", ");
      throw conflict(`Unable to delete version because the following aliases reference it: [${names}]`);
    }
    this.#tables.deleteVersion(name, version);
  }
}
