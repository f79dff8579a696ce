import type { LambdaHandler } from "@gonogo/functions/lambda";

interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/**
 * A `fetch` that reaches a function as API Gateway does, by events of format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function throughGateway(handler: LambdaHandler, now: () => number): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body = await request.text();
    const answer = (await handler({
      version: "2.0",
      routeKey: "$default",
      rawPath: url.pathname,
      rawQueryString: url.search.slice(1),
      headers: { ...Object.fromEntries(request.headers), host: url.host },
      requestContext: {
        accountId: "123456789012",
        apiId: "api",
        domainName: url.host,
        domainPrefix: "api",
        http: {
          method: request.method,
          path: url.pathname,
          protocol: "HTTP/1.1",
          sourceIp: "203.0.113.7",
          userAgent: "a test",
        },
        requestId: crypto.randomUUID(),
        routeKey: "$default",
        stage: "$default",
        time: new Date(now()).toUTCString(),
        timeEpoch: now(),
      },
      ...(body === "" ? {} : { body }),
      isBase64Encoded: false,
    })) as GatewayAnswer;
    const text = answer.isBase64Encoded === true ? Buffer.from(answer.body ?? "", "base64") : answer.body;
    return new Response(text ?? null, { status: answer.statusCode, headers: { ...answer.headers } });
  };
}
