import { readdirSync } from "node:fs";
import { extname } from "node:path";
import { nameIn } from "./names.ts";
import type { Here } from "./place.ts";
import { secureBucket } from "./storage.ts";

/** AWS's own policies, by their fixed ids. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/** Ways that the API answers; everything else is the page's. */
export const API_PATHS = ["/v1/*", "/hooks/*", "/healthz", "/metrics", "/docs", "/openapi.json"];

/** As the API says of its own answers, see functions/api/app.ts; and files go straight to their bucket. */
const contentSecurityPolicy = (files: string) =>
  [
    "default-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    `connect-src 'self' https://${files}`,
  ].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page and the API under one name: the page is in a private bucket, and only CloudFront reads it. */
export function web(
  { stage, at, declared }: Here,
  api: sst.aws.ApiGatewayV2,
  evidence: aws.s3.Bucket,
): aws.cloudfront.Distribution {
  const bucket = new aws.s3.Bucket("Page", {
    bucketPrefix: `${nameIn(stage, "page")}-`.toLowerCase().slice(0, 37),
    forceDestroy: true,
  });
  const access = new aws.cloudfront.OriginAccessControl("PageAccess", {
    name: nameIn(stage, "page").slice(0, 64),
    originAccessControlOriginType: "s3",
    signingBehavior: "always",
    signingProtocol: "sigv4",
  });
  const { domain } = declared;
  const distribution = new aws.cloudfront.Distribution("PageDistribution", {
    comment: nameIn(stage, "page"),
    enabled: true,
    httpVersion: "http2and3",
    isIpv6Enabled: true,
    defaultRootObject: "index.html",
    priceClass: "PriceClass_100",
    aliases: domain === undefined ? [] : [domain.name],
    viewerCertificate:
      domain === undefined
        ? { cloudfrontDefaultCertificate: true }
        : {
            acmCertificateArn: domain.certificate,
            sslSupportMethod: "sni-only",
            minimumProtocolVersion: "TLSv1.2_2021",
          },
    restrictions: { geoRestriction: { restrictionType: "none" } },
    origins: [
      { originId: "page", domainName: bucket.bucketRegionalDomainName, originAccessControlId: access.id },
      {
        originId: "api",
        domainName: api.nodes.api.apiEndpoint.apply((url) => new URL(url).host),
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "https-only",
          originSslProtocols: ["TLSv1.2"],
        },
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: "page",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      cachePolicyId: CACHING_OPTIMIZED,
      responseHeadersPolicyId: headers(stage, at.evidenceHost).id,
    },
    orderedCacheBehaviors: API_PATHS.map((pathPattern) => ({
      pathPattern,
      targetOriginId: "api",
      viewerProtocolPolicy: "https-only",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      cachePolicyId: CACHING_DISABLED,
      originRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
    })),
  });
  secureBucket("Page", bucket, [
    {
      Sid: "OnlyThroughCloudFront",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: $interpolate`${bucket.arn}/*`,
      Condition: { StringEquals: { "aws:SourceArn": distribution.arn } },
    },
  ]);
  files(bucket);
  letIn(evidence, $interpolate`https://${domain?.name ?? distribution.domainName}`);
  return distribution;
}

/** The page, and no other, may upload files with the requests that the API has signed for it. */
function letIn(evidence: aws.s3.Bucket, page: $util.Output<string>): void {
  new aws.s3.BucketCorsConfiguration("EvidenceCors", {
    bucket: evidence.id,
    corsRules: [
      {
        allowedMethods: ["PUT"],
        allowedOrigins: [page],
        allowedHeaders: ["content-type", "x-amz-checksum-sha256"],
        maxAgeSeconds: 300,
      },
    ],
  });
}

function headers(stage: string, files: string): aws.cloudfront.ResponseHeadersPolicy {
  return new aws.cloudfront.ResponseHeadersPolicy("PageHeaders", {
    name: nameIn(stage, "page"),
    securityHeadersConfig: {
      contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(files), override: true },
      strictTransportSecurity: {
        accessControlMaxAgeSec: 63_072_000,
        includeSubdomains: true,
        override: true,
      },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy: "no-referrer", override: true },
    },
    customHeadersConfig: {
      items: [
        { header: "cross-origin-opener-policy", value: "same-origin", override: true },
        { header: "permissions-policy", value: "camera=(), geolocation=(), microphone=()", override: true },
      ],
    },
  });
}

/** What `npm run build` made. Names of assets hold their digest, so that they never change. */
function files(bucket: aws.s3.Bucket): void {
  const folder = `${$cli.paths.root}/packages/web/dist`;
  for (const file of builtFiles(folder)) {
    new aws.s3.BucketObjectv2(`PageFile${file.replaceAll(/[^A-Za-z0-9]/g, "")}`, {
      bucket: bucket.id,
      key: file,
      source: $asset(`${folder}/${file}`),
      contentType: TYPES[extname(file)] ?? "application/octet-stream",
      cacheControl: file.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    });
  }
}

function builtFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
      .sort();
  } catch {
    throw new Error("packages/web/dist is not there: make the page first, with npm run build");
  }
}
