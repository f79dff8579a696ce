/** The engine's one account and Region. The account number is AWS's own example number. */
export const ACCOUNT = "123456789012";
export const REGION = "us-east-1";

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** The parts of an ARN; `resource` is all that follows the account. Undefined when it is no ARN. */
export function parseArn(text: string): { service: string; resource: string } | undefined {
  const [scheme, partition, service, , , ...resource] = text.split(":");
  if (scheme !== "arn" || partition === undefined || service === undefined || resource.length === 0) {
    return undefined;
  }
  return { service, resource: resource.join(":") };
}
