import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Kernel } from "@gonogo/local/kernel/kernel";
import { awsFront } from "@gonogo/local/server/aws-front";

/** The engine's APIs at an address, of which one can be taken away: its connections are then cut. */
export interface Front {
  readonly address: string;
  /** Whether a request is cut. */
  cuts: (request: IncomingMessage) => boolean;
  close(): Promise<void>;
}

export async function openFront(kernel: Kernel): Promise<Front> {
  const answering = awsFront(kernel);
  const server: Server = createServer((request, response) => {
    if (front.cuts(request)) request.socket.destroy();
    else answering.emit("request", request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const front: Front = {
    address: `http://127.0.0.1:${port}`,
    cuts: () => false,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return front;
}

export const isDynamoDb = ({ headers }: IncomingMessage): boolean =>
  String(headers["x-amz-target"] ?? "").startsWith("DynamoDB_");

export const isUpdateAlias = ({ method, url = "" }: IncomingMessage): boolean =>
  method === "PUT" && /^\/2015-03-31\/functions\/[^/]+\/aliases\//.test(url);
