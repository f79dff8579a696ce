import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  LambdaServiceException,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  PreconditionFailedException,
  PublishVersionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { inProcess, recordingDeadLetters, virtualKernel } from "../scheduler/testing.ts";
import { createLambda, type Lambda } from "./index.ts";

let client: LambdaClient;
let lambda: Lambda;

beforeEach(async () => {
  const { kernel } = virtualKernel();
  lambda = createLambda(kernel, { metrics: { put: () => {} }, deadLetters: recordingDeadLetters().port });
  kernel.register(lambda.service);
  lambda.define("checkout", { code: (version) => async () => version });
  client = new LambdaClient(inProcess(kernel));
  for (let at = 0; at < 3; at++) await client.send(new PublishVersionCommand({ FunctionName: "checkout" }));
});

const live = { FunctionName: "checkout", Name: "live" };

async function refusal(sent: Promise<unknown>): Promise<{ name: string; message: string; status: number }> {
  try {
    await sent;
  } catch (error) {
    if (!(error instanceof LambdaServiceException)) throw error;
    const { name, message, $metadata } = error;
    return { name, message, status: $metadata.httpStatusCode ?? 0 };
  }
  throw new Error("it was not refused");
}

describe("an alias", () => {
  it("is created, read, updated, listed and deleted", async () => {
    const created = await client.send(new CreateAliasCommand({ ...live, FunctionVersion: "1" }));
    expect(created).toMatchObject({
      AliasArn: "arn:aws:lambda:us-east-1:123456789012:function:checkout:live",
      Description: "",
      FunctionVersion: "1",
    });
    expect(created.RoutingConfig).toBeUndefined();
    const split = await client.send(
      new UpdateAliasCommand({ ...live, RoutingConfig: { AdditionalVersionWeights: { 2: 0.1 } } }),
    );
    expect(split.RoutingConfig).toEqual({ AdditionalVersionWeights: { 2: 0.1 } });
    expect(split.FunctionVersion).toBe("1");
    const listed = await client.send(new ListAliasesCommand({ FunctionName: "checkout" }));
    expect(listed.Aliases).toEqual([expect.objectContaining({ Name: "live", RevisionId: split.RevisionId })]);
    const deleted = await client.send(new DeleteAliasCommand(live));
    expect(deleted.$metadata.httpStatusCode).toBe(204);
    expect(await refusal(client.send(new GetAliasCommand(live)))).toMatchObject({
      name: "ResourceNotFoundException",
      status: 404,
    });
  });

  it("keeps its split when told nothing of it, and loses it when told of none", async () => {
    const RoutingConfig = { AdditionalVersionWeights: { 2: 0.25 } };
    await client.send(new CreateAliasCommand({ ...live, FunctionVersion: "1", RoutingConfig }));
    const described = await client.send(new UpdateAliasCommand({ ...live, Description: "canary" }));
    expect(described.RoutingConfig).toEqual(RoutingConfig);
    const promoted = await client.send(
      new UpdateAliasCommand({
        ...live,
        FunctionVersion: "2",
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );
    expect(promoted.FunctionVersion).toBe("2");
    expect(promoted.RoutingConfig).toBeUndefined();
  });

  it("gets a new RevisionId from each update, a description's too, and refuses an older one with 412", async () => {
    const first = await client.send(new CreateAliasCommand({ ...live, FunctionVersion: "1" }));
    const second = await client.send(
      new UpdateAliasCommand({ ...live, Description: "by hand", RevisionId: first.RevisionId }),
    );
    expect(second.RevisionId).not.toBe(first.RevisionId);
    const late = client.send(
      new UpdateAliasCommand({ ...live, FunctionVersion: "2", RevisionId: first.RevisionId }),
    );
    await expect(late).rejects.toBeInstanceOf(PreconditionFailedException);
    const now = await client.send(new GetAliasCommand(live));
    expect(now).toMatchObject({ FunctionVersion: "1", RevisionId: second.RevisionId });
  });

  it("refuses the runbook's rollback, which names the primary as the additional version", async () => {
    await client.send(new CreateAliasCommand({ ...live, FunctionVersion: "1" }));
    const sent = client.send(
      new UpdateAliasCommand({ ...live, RoutingConfig: { AdditionalVersionWeights: { 1: 1 } } }),
    );
    expect(await refusal(sent)).toEqual({
      name: "InvalidParameterValueException",
      message: "Invalid function version 1. Function version 1 is already included in routing configuration.",
      status: 400,
    });
  });

  it("checks the version it keeps against the one that is new", async () => {
    const RoutingConfig = { AdditionalVersionWeights: { 2: 0.25 } };
    await client.send(new CreateAliasCommand({ ...live, FunctionVersion: "1", RoutingConfig }));
    const sent = client.send(new UpdateAliasCommand({ ...live, FunctionVersion: "2" }));
    expect((await refusal(sent)).message).toContain("already included in routing configuration");
  });
});

describe("a function", () => {
  it("lists its versions, $LATEST first, page by page", async () => {
    const seen: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await client.send(
        new ListVersionsByFunctionCommand({ FunctionName: "checkout", MaxItems: 2, Marker }),
      );
      seen.push(...(page.Versions ?? []).map(({ Version }) => Version));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(new Set(seen)).toEqual(new Set(["$LATEST", "1", "2", "3"]));
    expect(seen).toHaveLength(4);
  });

  it("is described as a whole, by version and by alias", async () => {
    await client.send(new CreateAliasCommand({ ...live, FunctionVersion: "2" }));
    const byAlias = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: "checkout", Qualifier: "live" }),
    );
    expect(byAlias).toMatchObject({ Version: "2", FunctionArn: expect.stringMatching(/:checkout:live$/) });
    const whole = await client.send(new GetFunctionCommand({ FunctionName: "checkout" }));
    expect(whole.Configuration).toMatchObject({ Version: "$LATEST", Timeout: 20, State: "Active" });
    const all = await client.send(new ListFunctionsCommand({}));
    expect(all.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["checkout"]);
  });

  it("keeps a version that an alias stands on, and goes as a whole with all of them", async () => {
    await client.send(new CreateAliasCommand({ ...live, FunctionVersion: "2" }));
    const one = client.send(new DeleteFunctionCommand({ FunctionName: "checkout", Qualifier: "2" }));
    expect(await refusal(one)).toMatchObject({ name: "ResourceConflictException", status: 409 });
    await client.send(new DeleteFunctionCommand({ FunctionName: "checkout" }));
    expect(await refusal(client.send(new GetFunctionCommand({ FunctionName: "checkout" })))).toMatchObject({
      message: "Function not found: arn:aws:lambda:us-east-1:123456789012:function:checkout",
      status: 404,
    });
  });
});
