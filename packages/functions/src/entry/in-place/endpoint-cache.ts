/**
 * Stands in the bundles for the cache of discovered endpoints: DynamoDB's client makes one, and asks it only where
 * somebody has turned endpoint discovery on.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html
 */
export class EndpointCache {
  has(): false {
    return false;
  }

  get(): undefined {
    return undefined;
  }

  getEndpoint(): undefined {
    return undefined;
  }

  set(): void {}
  delete(): void {}
  clear(): void {}
}
