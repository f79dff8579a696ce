import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { addAuditCommands } from "./command/audit.ts";
import { addCalendarCommands } from "./command/calendar.ts";
import { addDelegationCommands } from "./command/delegation.ts";
import { addDeploymentsCommands } from "./command/deployments.ts";
import { addDoctorCommand } from "./command/doctor.ts";
import { addDrillsCommand } from "./command/drills.ts";
import { addIntegrationCommands } from "./command/integrations.ts";
import { addKeyCommands } from "./command/keys.ts";
import { addMeasuresCommand } from "./command/measures.ts";
import { addObligationCommands } from "./command/obligations.ts";
import { addPlanCommands } from "./command/plan.ts";
import { addPolicyCommands } from "./command/policy.ts";
import { addReleaseCommands } from "./command/release.ts";
import { addSimulateCommand } from "./command/simulate.ts";
import { addWhoamiCommand } from "./command/whoami.ts";
import { EXIT_HELP } from "./exit.ts";
import { declareGlobals } from "./globals.ts";

const EXAMPLES = `
Examples:
  gonogo plan import runbook.md release-plan.md > plan.yaml
  gonogo plan lint plan.yaml
  gonogo simulate plan.yaml --alarm API5xxAlarm@T+17m
  gonogo release start plan.yaml
  gonogo release watch REL-2025-06-04
  gonogo audit verify REL-2025-06-04

Results are on stdout, everything said about them on stderr.

Environment:
  GONOGO_SERVER         the API, as --server
  GONOGO_TOKEN          who you are, as --token; it is never shown
  GONOGO_AS             someone of the demonstration, as --as
  GONOGO_INSECURE_HTTP  1 lets a token travel over plain http to another machine
  NO_COLOR              anything turns colours off
`;

/** The whole command line. `complain` takes what commander would write to stderr. */
export function buildProgram(complain: (text: string) => void): Command {
  const program = new Command("gonogo")
    .description("Release control: write a release down as a plan, run it, watch it, prove what happened.")
    .version(manifest.version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: complain, outputError: () => {} })
    .addHelpText("after", `${EXAMPLES}\n${EXIT_HELP}`);
  addPlanCommands(program);
  addSimulateCommand(program);
  addReleaseCommands(program);
  addObligationCommands(program);
  addCalendarCommands(program);
  addDrillsCommand(program);
  addPolicyCommands(program);
  addDelegationCommands(program);
  addIntegrationCommands(program);
  addMeasuresCommand(program);
  addAuditCommands(program);
  addDeploymentsCommands(program);
  addKeyCommands(program);
  addWhoamiCommand(program);
  addDoctorCommand(program);
  declareGlobals(program);
  return program;
}
