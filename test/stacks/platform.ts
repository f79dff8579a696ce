import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Where SST unpacks the sources of its components, and Pulumi's types of AWS. */
export const PLATFORM = `${ROOT}.sst/platform`;

export const isUnpacked =
  existsSync(`${PLATFORM}/src/components/aws/function.ts`) &&
  existsSync(`${PLATFORM}/node_modules/@pulumi/aws/package.json`);

/** Said in the name of what is skipped. */
export const HOW_TO_UNPACK = isUnpacked
  ? ""
  : " (skipped: SST is not unpacked here; npm run sst:install does it)";
