import { type Accounts, accountsByRole } from "@gonogo/adapters/aws/accounts";
import type { Process } from "../runtime.ts";
import { AccountRoles } from "../settings.ts";

/** How accounts other than the deployment's own are reached, as it declares them. */
export function accountsOf({ aws, settings }: Process): Accounts {
  return accountsByRole(aws, AccountRoles.parse(JSON.parse(settings.GONOGO_ACCOUNTS)));
}
