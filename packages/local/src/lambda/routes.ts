import type { Route } from "../kernel/wire.ts";

const functions = "/2015-03-31/functions";
const one = `${functions}/{FunctionName}`;
const alias = `${one}/aliases/{Name}`;
const qualifier = { Qualifier: "Qualifier" };
const paging = { Marker: "Marker", MaxItems: "MaxItems" };

/** https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
export const routes: readonly Route[] = [
  { operation: "CreateFunction", method: "POST", path: functions, status: 201 },
  {
    operation: "ListFunctions",
    method: "GET",
    path: functions,
    query: { ...paging, FunctionVersion: "FunctionVersion" },
  },
  { operation: "GetFunction", method: "GET", path: one, query: qualifier },
  { operation: "GetFunctionConfiguration", method: "GET", path: `${one}/configuration`, query: qualifier },
  { operation: "DeleteFunction", method: "DELETE", path: one, query: qualifier, status: 204 },
  { operation: "PublishVersion", method: "POST", path: `${one}/versions`, status: 201 },
  { operation: "ListVersionsByFunction", method: "GET", path: `${one}/versions`, query: paging },
  { operation: "CreateAlias", method: "POST", path: `${one}/aliases`, status: 201 },
  {
    operation: "ListAliases",
    method: "GET",
    path: `${one}/aliases`,
    query: { ...paging, FunctionVersion: "FunctionVersion" },
  },
  { operation: "GetAlias", method: "GET", path: alias },
  { operation: "UpdateAlias", method: "PUT", path: alias },
  { operation: "DeleteAlias", method: "DELETE", path: alias, status: 204 },
  {
    operation: "ListEventSourceMappings",
    method: "GET",
    path: "/2015-03-31/event-source-mappings",
    query: { ...paging, FunctionName: "FunctionName", EventSourceArn: "EventSourceArn" },
  },
  {
    operation: "PutFunctionConcurrency",
    method: "PUT",
    path: "/2017-10-31/functions/{FunctionName}/concurrency",
  },
  {
    operation: "GetFunctionConcurrency",
    method: "GET",
    path: "/2019-09-30/functions/{FunctionName}/concurrency",
  },
  {
    operation: "DeleteFunctionConcurrency",
    method: "DELETE",
    path: "/2017-10-31/functions/{FunctionName}/concurrency",
    status: 204,
  },
  { operation: "GetAccountSettings", method: "GET", path: "/2016-08-19/account-settings" },
  {
    operation: "Invoke",
    method: "POST",
    path: `${one}/invocations`,
    query: qualifier,
    headers: {
      InvocationType: "x-amz-invocation-type",
      LogType: "x-amz-log-type",
      ClientContext: "x-amz-client-context",
    },
    payload: "Payload",
  },
];
