import { nameIn } from "./names.ts";
import type { Here } from "./place.ts";

/** Requests a second, and how many at once, of everybody together. */
const RATE = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };

/**
 * The HTTP API. Who asks is settled by the application, which refuses all it does not know; nobody may call it
 * from a page of elsewhere.
 */
export function api({ stage }: Here, handler: sst.aws.Function): sst.aws.ApiGatewayV2 {
  const front = new sst.aws.ApiGatewayV2("Http", {
    cors: false,
    accessLog: { retention: "3 months" },
    transform: {
      api: (args) => {
        args.name = nameIn(stage, "api");
      },
      stage: (args) => {
        args.defaultRouteSettings = RATE;
      },
    },
  });
  front.route("$default", handler.arn as $util.Output<FunctionArn>);
  return front;
}

type FunctionArn = `arn:aws:lambda:${string}`;
