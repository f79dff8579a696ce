import { existsSync, readFileSync } from "node:fs";
import {
  CreateAliasCommand,
  type CreateAliasCommandInput,
  DeleteAliasCommand,
  GetAliasCommand,
  LambdaClient,
  LambdaServiceException,
  ListAliasesCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { inProcess, recordingDeadLetters, virtualKernel } from "../scheduler/testing.ts";
import { createLambda } from "./index.ts";

const folder = new URL("../../../../../shared/vectors/", import.meta.url);

type Recorded = Record<string, Record<string, unknown>>;

function recording(name: string): Recorded {
  return JSON.parse(readFileSync(new URL(`lambda-alias-${name}-aws-recorded.json`, folder), "utf8"));
}

/** Puts our names where the recording has placeholders; what differs by nature is the same on both sides. */
function normal(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll("arn:<partition>:lambda:<region>:111111111111", "arn:aws:lambda:us-east-1:123456789012")
    .replaceAll("<function-name:1>", "fn")
    .replaceAll(/"RevisionId":"[^"]*"/g, '"RevisionId":"*"');
  const parsed = JSON.parse(text) as Record<string, unknown>;
  delete parsed.$metadata;
  delete parsed.ResponseMetadata;
  return parsed;
}

async function client(): Promise<LambdaClient> {
  const { kernel } = virtualKernel();
  const lambda = createLambda(kernel, {
    metrics: { put: () => {} },
    deadLetters: recordingDeadLetters().port,
  });
  kernel.register(lambda.service);
  lambda.define("fn", { code: () => async () => null });
  const made = new LambdaClient(inProcess(kernel));
  for (let at = 0; at < 2; at++) await made.send(new PublishVersionCommand({ FunctionName: "fn" }));
  return made;
}

async function answer(sent: Promise<{ $metadata: { httpStatusCode?: number | undefined } }>) {
  try {
    const output = await sent;
    return { status: output.$metadata.httpStatusCode, output };
  } catch (error) {
    if (!(error instanceof LambdaServiceException)) throw error;
    const output = { Code: error.name, Message: error.message };
    return { status: error.$metadata.httpStatusCode, output };
  }
}

function expected(recorded: Record<string, unknown> | undefined) {
  const status = (recorded?.ResponseMetadata as { HTTPStatusCode: number } | undefined)?.HTTPStatusCode;
  return { status, output: normal(recorded?.Error ?? recorded) };
}

async function same(sent: Parameters<typeof answer>[0], recorded: Record<string, unknown> | undefined) {
  const { status, output } = await answer(sent);
  const wanted = expected(recorded);
  expect({ status: wanted.status === undefined ? undefined : status, output: normal(output) }).toEqual(
    wanted,
  );
}

describe.skipIf(!existsSync(folder))("what AWS was recorded to answer of aliases", () => {
  it("life of an alias", async () => {
    const lambda = await client();
    const recorded = recording("lifecycle");
    const create = (Name: string, more: Partial<CreateAliasCommandInput> = {}) =>
      lambda.send(new CreateAliasCommand({ FunctionName: "fn", Name, FunctionVersion: "1", ...more }));
    const weighted = { AdditionalVersionWeights: { 2: 0.2 } };
    const Description = "custom-alias";
    const get = (Name: string) => lambda.send(new GetAliasCommand({ FunctionName: "fn", Name }));
    const list = (FunctionVersion?: string) =>
      lambda.send(new ListAliasesCommand({ FunctionName: "fn", FunctionVersion }));
    await same(create("aliasname1_1", { Description, RoutingConfig: weighted }), recorded.create_alias_1_1);
    await same(get("aliasname1_1"), recorded.get_alias_1_1);
    await same(create("aliasname1_2", { Description }), recorded.create_alias_1_2);
    await same(create("aliasname1_3"), recorded.create_alias_1_3);
    await same(create("aliasname2", { Description, FunctionVersion: "2" }), recorded.create_alias_2);
    await same(list(), recorded.list_aliases_for_fnname);
    const update = (Name: string, more: object) =>
      lambda.send(new UpdateAliasCommand({ FunctionName: "fn", Name, ...more }));
    await same(
      update("aliasname1_1", { RoutingConfig: { AdditionalVersionWeights: {} } }),
      recorded.update_alias_1_1,
    );
    await same(get("aliasname1_1"), recorded.get_alias_1_1_after_update);
    const before = (await get("aliasname1_2")).RevisionId;
    await same(update("aliasname1_2", {}), recorded.update_alias_1_2);
    expect((await get("aliasname1_2")).RevisionId).not.toBe(before);
    await same(list("1"), recorded.list_aliases_for_version);
    const gone = new DeleteAliasCommand({ FunctionName: "fn", Name: "aliasname1_1" });
    await same(lambda.send(gone), recorded.delete_alias_response);
    await same(list(), recorded.list_aliases_for_fnname_afterdelete);
  });

  const routing: [name: string, input: Partial<CreateAliasCommandInput>][] = [
    ["routing_config_exc_toomany", { RoutingConfig: { AdditionalVersionWeights: { 1: 0.3, 2: 0.3 } } }],
    ["routing_config_exc_toohigh", { RoutingConfig: { AdditionalVersionWeights: { 2: 2 } } }],
    ["routing_config_exc_subzero", { RoutingConfig: { AdditionalVersionWeights: { 2: -1 } } }],
    ["routing_config_exc_sameversion", { RoutingConfig: { AdditionalVersionWeights: { 1: 0.5 } } }],
    ["target_version_doesnotexist", { FunctionVersion: "10" }],
    ["routing_config_exc_version_doesnotexist", { RoutingConfig: { AdditionalVersionWeights: { 10: 0.5 } } }],
    [
      "target_version_exc_version_latest",
      { FunctionVersion: "$LATEST", RoutingConfig: { AdditionalVersionWeights: { 1: 0.5 } } },
    ],
    ["routing_config_exc_version_latest", { RoutingConfig: { AdditionalVersionWeights: { $LATEST: 0.5 } } }],
    ["create-alias-latest", { FunctionVersion: "$LATEST", Name: "custom-latest" }],
    ["routing_config_exc_fn_doesnotexist", { FunctionName: "fn-unknown" }],
    [
      "create_alias_empty_routingconfig",
      { Name: "custom-empty-routingconfig", RoutingConfig: { AdditionalVersionWeights: {} } },
    ],
    ["create_alias_response", { RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } }],
  ];

  it.each(routing)("routing: %s", async (name, input) => {
    const lambda = await client();
    const given = { FunctionName: "fn", Name: "custom", FunctionVersion: "1", ...input };
    await same(lambda.send(new CreateAliasCommand(given)), recording("routing-errors")[name]);
  });

  it("routing: an alias that is there already, and one that is not", async () => {
    const lambda = await client();
    const recorded = recording("routing-errors");
    const given = { FunctionName: "fn", Name: "custom", FunctionVersion: "1" };
    await lambda.send(new CreateAliasCommand(given));
    await same(lambda.send(new CreateAliasCommand(given)), recorded.routing_config_exc_already_exist);
    const unknown = { FunctionName: "fn", Name: "non-existent" };
    await same(lambda.send(new GetAliasCommand(unknown)), recorded.alias_does_not_exist_esc);
    await same(
      lambda.send(new UpdateAliasCommand(unknown)),
      recording("update-notfound").update_alias_response,
    );
  });

  it("revisions", async () => {
    const lambda = await client();
    const recorded = recording("revisionid-precondition");
    const stale = { FunctionName: "fn", RevisionId: "no-such-revision" };
    await same(lambda.send(new PublishVersionCommand(stale)), recorded.publish_version_revision_exception);
    const alias = { FunctionName: "fn", Name: "revision_alias" };
    const created = await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: "1" }));
    expect(normal(created)).toEqual(normal(recorded.create_alias_response_rev_a1));
    await same(
      lambda.send(new UpdateAliasCommand({ ...alias, RevisionId: "wrong", Description: "x" })),
      recorded.update_alias_revision_exception,
    );
    const { RevisionId } = created;
    await same(
      lambda.send(new UpdateAliasCommand({ ...alias, RevisionId, Description: "something changed" })),
      recorded.update_alias_response_rev_a2,
    );
  });

  it("names", async () => {
    const lambda = await client();
    const recorded = recording("naming");
    const given = { FunctionName: "fn", FunctionVersion: "1", Description: "custom-alias" };
    await same(
      lambda.send(new CreateAliasCommand({ ...given, Name: "2024-01-02" })),
      recorded.create_alias_date,
    );
    await same(
      lambda.send(new CreateAliasCommand({ ...given, Name: "2024" })),
      recorded.create_alias_number_exception,
    );
  });
});
