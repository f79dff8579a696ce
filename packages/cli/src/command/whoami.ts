import type { Command } from "commander";
import { run } from "../session.ts";

/** `gonogo whoami`: who the server takes you for, and what you may answer for. */
export function addWhoamiCommand(program: Command): void {
  program
    .command("whoami")
    .description("who the server takes you for, and the roles you hold")
    .addHelpText("after", "\nExample:\n  gonogo whoami --server https://gonogo.example.com")
    .action(async (_: object, command: Command) =>
      run(command, async ({ api, terminal, settings }) => {
        const me = await api.me();
        terminal.value(me);
        terminal.say([
          `${terminal.paint("bold", me.name)} (${me.id})${me.demo ? ", of the demonstration" : ""}`,
          `roles: ${me.roles.join(", ") || "none"}`,
          ...(me.scopes === undefined ? [] : [`scopes: ${me.scopes.join(" ") || "none"}`]),
          `server: ${settings.server}`,
        ]);
        terminal.next("gonogo release list");
      }),
    );
}
